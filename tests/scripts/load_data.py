"""A company of a handful of rows in the files that `./scripts/load adventureworks` reads.

Assembly 5 takes 2 sub-assemblies 3 and 4 ounces of paint 4; a 3 takes 6 balls 1. Numbers are
chosen so that every rule of the load shows: an ended and a rootless BOM row, an inactive vendor, a
rejected purchase order, a finished work order, an order outside the window.
"""

import csv

FILES = {
    "Address": """AddressID,AddressLine1,AddressLine2,City,StateProvinceID,PostalCode
        1,1 Main St,,Bothell,79,98011
        2,2 Dock Rd,,Bothell,79,98012""",
    "BillOfMaterials": """ProductAssemblyID,ComponentID,StartDate,EndDate,UnitMeasureCode,\
PerAssemblyQty
        5.0,3,2010-01-01 00:00:00,,EA,2.0
        5.0,4,2010-01-01 00:00:00,,OZ,8.0
        3.0,1,2010-01-01 00:00:00,,EA,6.0
        5.0,1,2010-01-01 00:00:00,2010-05-03 00:00:00,EA,9.0
        ,5,2010-01-01 00:00:00,,EA,1.0""",
    "BusinessEntityAddress": """BusinessEntityID,AddressID,AddressTypeID
        300,1,3
        300,2,5
        301,1,3
        400,2,3""",
    "BusinessEntityContact": """BusinessEntityID,PersonID,ContactTypeID
        300,900,11
        400,901,19""",
    "ContactType": """ContactTypeID,Name
        11,Owner
        19,Sales Manager""",
    "Customer": """CustomerID,PersonID,StoreID,TerritoryID,AccountNumber
        1,,300.0,1,AW00000001
        2,900.0,300.0,1,AW00000002
        3,,301.0,1,AW00000003
        4,902.0,,1,AW00000004""",
    "CustomerPersonName": """customer_id,person_id,first_name,middle_name,last_name
        2,900,Ana,None,Roth""",
    "EmailAddress": """BusinessEntityID,EmailAddressID,EmailAddress
        900,1,ana0@adventure-works.com""",
    "Employee": """BusinessEntityID,LoginID,JobTitle
        279,adventure-works\\tsvi0,Sales Representative""",
    "Location": """LocationID,Name,CostRate,Availability
        6,Storage,0.0,0.0
        50,Subassembly,12.25,120.0""",
    "PersonPhone": """BusinessEntityID,PhoneNumber,PhoneNumberTypeID
        900,612-555-0100,1""",
    "Product": """ProductID,Name,ProductNumber,MakeFlag,FinishedGoodsFlag,SafetyStockLevel,\
StandardCost,ListPrice,WeightUnitMeasureCode,Weight,DaysToManufacture,ProductSubcategoryID,\
SellEndDate
        1,Ball,BA-1,0,0,10,0.0,0.0,,,0,,
        2,Helmet,HE-2,0,1,4,13.0863,34.99,G,450.0,0,31.0,
        3,Wheel,WH-3,1,0,5,10.0,0.0,LB,2.0,1,,
        4,Paint - Red,PA-4,0,0,60,0.0,0.0,,,0,,
        5,Bike,BI-5,1,1,5,100.0,250.0,,,4,1.0,
        6,Old Bike,OB-6,0,1,5,90.0,200.0,,,4,1.0,2012-05-29 00:00:00""",
    "ProductCategory": """ProductCategoryID,Name
        1,Bikes
        4,Accessories""",
    "ProductInventory": """ProductID,LocationID,Shelf,Bin,Quantity
        1,6,A,1,100
        2,6,A,2,20
        3,6,A,3,0""",
    "ProductSubcategory": """ProductSubcategoryID,ProductCategoryID,Name
        1,1,Mountain Bikes
        31,4,Helmets""",
    "ProductVendor": """ProductID,BusinessEntityID,AverageLeadTime,StandardPrice,MinOrderQty,\
MaxOrderQty,UnitMeasureCode
        1,400,17,0.35,100,500,DZ
        2,400,10,13.0,5,500,CTN
        4,400,16,55.49,20,100,GAL
        1,401,5,0.3,100,500,EA""",
    "PurchaseOrderDetail": """PurchaseOrderID,PurchaseOrderDetailID,DueDate,OrderQty,ProductID,\
UnitPrice
        1,1,2014-01-09 00:00:00,3,4,55.0
        1,2,2013-12-20 00:00:00,100,1,0.3
        2,3,2014-01-09 00:00:00,5,4,55.0
        3,4,2013-11-09 00:00:00,5,4,55.0""",
    "PurchaseOrderHeader": """PurchaseOrderID,Status,VendorID,OrderDate
        1,4,400,2013-12-10 00:00:00
        2,3,400,2013-12-10 00:00:00
        3,4,400,2013-10-10 00:00:00""",
    "ResellerSalesOrderDetail": """sales_order_id,sales_order_detail_id,order_qty,product_id,\
unit_price,unit_price_discount
        10,1,1,5,200.0000,0.0000
        11,2,2,5,200.0000,0.1000
        11,3,1,2,20.0000,0.0000
        12,4,1,5,200.0000,0.0000""",
    "ResellerSalesOrderHeader": """sales_order_id,order_date,due_date,customer_id,\
purchase_order_number,sales_person_id,territory_id,bill_to_address_id,ship_to_address_id,\
order_sub_total,order_tax_amount,order_freight_amount,order_total_due
        10,2013-09-30,2013-10-12,2,PO10,279,1,1,1,200.0000,16.0000,5.0000,221.0000
        11,2013-10-30,2013-11-11,2,PO11,279,1,1,2,380.0000,30.4000,9.6000,420.0000
        12,2013-12-31,2014-01-12,3,PO12,279,1,1,1,200.0000,16.0000,5.0000,221.0000""",
    "SalesPerson": """BusinessEntityID,TerritoryID
        279,1.0""",
    "SalesTerritory": """TerritoryID,Name
        1,Northwest""",
    "StateProvince": """StateProvinceID,StateProvinceCode,CountryRegionCode
        79,WA,US""",
    "Store": """BusinessEntityID,Name,SalesPersonID
        300,"Riders & Sons, 自行车",279
        301,Valley Bikes,279""",
    "Vendor": """BusinessEntityID,AccountNumber,Name,PreferredVendorStatus,ActiveFlag
        400,PAINTS0001,Paints and Parts,1,1
        401,OLDCO0001,Old Company,1,0""",
    "WorkOrder": """work_order_id,product_id,order_qty,start_date,end_date,due_date
        1,3,8,2013-12-20,2014-01-03,2014-01-04
        2,3,4,2013-11-20,2013-12-03,2013-12-04""",
    "WorkOrderRouting": """work_order_id,product_id,operation_sequence,location_id,\
actual_resource_hrs
        1,3,1,50,4.0000
        2,3,1,50,2.0000""",
}


def write(folder):
    """All files into `folder`, as they come from the source: UTF-8 with a header line."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        rows = csv.reader(line.strip() for line in text.splitlines())
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows)
    return folder


def edit(folder, name, old, new):
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
