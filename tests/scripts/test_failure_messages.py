"""What goes wrong is named with its cause and with what to do; nothing is half done."""

import socket

import pytest

from tradeworks import checks, console, database, layout, machine, odoo_process, odoo_tree, postgres


def expect(problem, *parts):
    """The message has the three lines a person needs, and these parts."""
    text = str(problem.value)
    assert text.startswith("✗ ")
    assert "\n  Do:   " in text
    for part in parts:
        assert part in text


def test_port_in_use_names_the_port_and_another(script):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, text = script("serve", TRADEWORKS_PORT=str(port))
    assert code == 1
    assert f"Port {port} is taken" in text
    assert f"TRADEWORKS_PORT={port + 1} ./scripts/serve" in text


@pytest.mark.parametrize("value", ["80x", "0", "70000", "-1"])
def test_port_that_is_no_port(script, value):
    code, text = script("serve", TRADEWORKS_PORT=value)
    assert code == 1
    assert f"TRADEWORKS_PORT is '{value}'" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("name", ["", "a b", "x;drop", "-d", "ü", "a" * 64, "tw_mine", "postgres"])
def test_database_name_is_refused(name):
    with pytest.raises(console.ProblemError) as problem:
        layout.check_database_name(name)
    expect(problem, "name")


def test_demo_and_stock_together(script):
    code, text = script("db", "trial", "--demo", "--stock")
    assert code == 1
    assert "--demo and --stock exclude each other" in text


def test_odoo_home_without_odoo(script, tmp_path):
    code, text = script("odoo", "--version", ODOO_HOME=str(tmp_path))
    assert code == 1
    assert "no odoo/release.py is in it" in text
    assert "unset it" in text


def test_existing_server_that_does_not_answer(monkeypatch, tmp_path):
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(console.ProblemError) as problem:
        postgres.ensure()
    expect(problem, "doesn't answer", "unset PGHOST")


def test_existing_server_from_config(monkeypatch, tmp_path):
    """db_host in config/odoo.conf names a server; an empty or False one doesn't."""
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setattr(layout, "CONFIG", tmp_path)
    (tmp_path / "odoo.conf").write_text("[options]\ndb_host = False\ndb_user = odoo\n")
    assert layout.existing_server() is None
    (tmp_path / "odoo.conf").write_text(
        "[options]\ndb_host = db.lan\ndb_port = 5433\ndb_user = o\n"
    )
    assert layout.existing_server() == {"PGHOST": "db.lan", "PGPORT": "5433", "PGUSER": "o"}


def test_disk_full(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "HOME", tmp_path)
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda _path: type("U", (), {"free": 1024**3})
    )
    with pytest.raises(console.ProblemError) as problem:
        machine.check_disk()
    expect(problem, "Only 1.0 GiB", "TRADEWORKS_HOME=")


def test_old_python(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 9, 2))
    with pytest.raises(console.ProblemError) as problem:
        machine.check_python()
    expect(problem, "locked", "3.11")


def test_own_server_needs_no_server_package():
    """With PGHOST nobody is asked to install a database server."""
    ours = set(machine.serve_packages(own_server=True))
    assert ours - set(machine.serve_packages(own_server=False)) == set(machine.SERVER_PACKAGES)


def test_files_of_another_account(capsys):
    @console.command
    def refused(_argv):
        raise PermissionError(13, "Permission denied", "/somewhere/setup.lock")

    @console.command
    def full(_argv):
        raise OSError(28, "No space left on device", "/somewhere/x")

    for function, words in ((refused, "/somewhere/setup.lock"), (full, "The disk is full")):
        with pytest.raises(SystemExit) as end:
            function([])
        assert end.value.code == 1
        text = capsys.readouterr().err
        assert words in text
        assert "\n  Do:   " in text


def test_missing_package_without_root_says_what_to_install(monkeypatch):
    monkeypatch.setattr(machine, "as_root", lambda _arguments: None)
    with pytest.raises(console.ProblemError) as problem:
        machine.install_packages({"no-such-thing": "/no/such/file"}, "packages")
    expect(problem, "no-such-thing", "As root, run: apt-get install")


def test_missing_package_without_apt(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda _name: None)
    with pytest.raises(console.ProblemError) as problem:
        machine.install_packages({"no-such-thing": "/no/such/file"}, "packages")
    expect(problem, "no apt-get")


def test_no_network_while_installing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(machine, "LOGS", tmp_path)
    monkeypatch.setattr(
        machine, "as_root", lambda _arguments: ["sh", "-c", "echo no route; exit 100"]
    )
    with pytest.raises(console.ProblemError) as problem:
        machine.install_packages({"no-such-thing": "/no/such/file"}, "packages")
    expect(problem, "apt-get update failed", "no route", "mirror")
    assert "✗ packages" in capsys.readouterr().out


def test_no_network_while_downloading_odoo(monkeypatch, tmp_path):
    monkeypatch.setattr(odoo_tree, "LOGS", tmp_path)
    with pytest.raises(console.ProblemError) as problem:
        odoo_tree._run(["sh", "-c", "echo could not resolve; exit 100"], "download")
    expect(problem, "Odoo 19 could not be had", "could not resolve", "ODOO_HOME=")


def test_unfinished_step_is_done_again(tmp_path):
    """A step that was killed leaves no stamp, or the stamp of another key."""
    assert not layout.stamped(tmp_path, "key")
    layout.put_stamp(tmp_path, "other")
    assert not layout.stamped(tmp_path, "key")
    layout.put_stamp(tmp_path, "key")
    assert layout.stamped(tmp_path, "key")


def test_template_under_construction_has_another_name(monkeypatch):
    """A set-up killed while it filled a template leaves a name that nobody takes for finished."""
    done = []
    monkeypatch.setattr(database, "drop", lambda name: done.append(("drop", name)))
    monkeypatch.setattr(database, "_build_stock", lambda name: done.append(("build", name)))
    monkeypatch.setattr(database.postgres, "psql", lambda *args: done.append(args) or [])
    monkeypatch.setattr(database, "_move_files", lambda *args: done.append(("files", *args)))
    monkeypatch.setattr(database, "names", set)
    database._make_template("stock", "tw_x")
    assert done[0] == ("drop", "tw_x_part")
    assert done[1] == ("build", "tw_x_part")
    assert done[2] == ("files", "tw_x_part", "tw_x")
    assert done[3] == ("postgres", 'ALTER DATABASE "tw_x_part" RENAME TO "tw_x"')


def test_odoo_failure_names_the_reason():
    log = (
        "INFO x\nTraceback (most recent call last):\n  File y\nValueError: no such field\nINFO z\n"
    )
    assert odoo_process._reason(log) == "ValueError: no such field"


def test_unknown_benchmark(script):
    code, text = script("bench", "nonsense")
    assert code == 1
    assert "There is no benchmark nonsense" in text
    assert "chain" in text


def test_test_without_such_path():
    paths, options = checks.split_arguments(["-k", "hold", "no/such/path"])
    assert paths == []
    assert options == ["-k", "hold", "no/such/path"]


def test_counts_of_pytests_last_line():
    text = "....\n3 failed, 12 passed, 1 skipped, 2 errors in 5.1s\n"
    assert checks._counts(text) == {"failed": 5, "passed": 12, "skipped": 1}


def test_ctrl_c_and_problems_become_exit_codes(capsys):
    @console.command
    def stopped(_argv):
        raise KeyboardInterrupt

    @console.command
    def wrong(_argv):
        raise console.ProblemError("It broke", "because", "mend it")

    with pytest.raises(SystemExit) as end:
        stopped([])
    assert end.value.code == 130
    with pytest.raises(SystemExit) as end:
        wrong([])
    assert end.value.code == 1
    assert capsys.readouterr().err.endswith("✗ It broke\n  Why:  because\n  Do:   mend it\n")
