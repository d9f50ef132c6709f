"""docker/ and config/odoo.conf: what a company goes live with, checked without an engine."""

import configparser
import json
import re
import shutil
import subprocess

import pytest
from quality import tree

DOCKER = tree.ROOT / "docker"
CONF = tree.ROOT / "config" / "odoo.conf"
PRODUCT_ADDONS = [name for name in tree.NAMES if name != "suite_demo"]
LINT_PYTHON = tree.ROOT / ".local" / "lint-venv" / "bin" / "python"
SECRET = re.compile(r"pass(word|wd)|secret|token|_key$", re.IGNORECASE)
FLOATING = re.compile(r"^(latest|stable|alpine|bookworm|\d+)$")


@pytest.fixture(scope="module")
def instructions():
    """The Dockerfile as [(instruction, arguments)], continued lines joined."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines()]


def _parse_yaml(path):
    code = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"
    done = subprocess.run(
        [str(LINT_PYTHON), "-c", code],
        input=path.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"{path.name} isn't YAML (or ./scripts/lint never ran): {done.stderr}"
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def compose():
    return _parse_yaml(DOCKER / "compose.yaml")


@pytest.fixture(scope="module")
def conf():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(CONF, encoding="utf-8")
    return dict(parser["options"])


@pytest.fixture(scope="module")
def nginx():
    """nginx's files without comments."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(DOCKER.glob("nginx/*.conf"))]
    return re.sub(r"(?m)#.*$", "", "\n".join(texts))


# ------------------------------------------------------------------------------- Dockerfile


def test_image_stands_on_a_pinned_odoo_19(instructions):
    """No floating tag: a rebuild must not jump to another series."""
    arguments = dict(text.split("=") for name, text in instructions if name == "ARG")
    bases = [text for name, text in instructions if name == "FROM"]
    assert bases == ["odoo:${ODOO_TAG}"]
    assert arguments["ODOO_TAG"].startswith("19.0")


def test_container_does_not_run_as_root(instructions):
    users = [text for name, text in instructions if name == "USER"]
    assert users[-1] == "odoo"
    last_user = max(i for i, (name, _text) in enumerate(instructions) if name == "USER")
    after = {name for name, _text in instructions[last_user:]}
    assert after == {"USER", "ENTRYPOINT", "CMD"}, "nothing may change the image as another user"


def test_every_copied_path_exists_and_reaches_the_builder(instructions):
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    kept = [line[1:] for line in ignored if line.startswith("!")]
    assert "*" in ignored, "everything is left out first, so that no secret slips in"
    for name, text in instructions:
        assert name != "ADD", "COPY does what is meant; ADD also unpacks and downloads"
        if name != "COPY":
            continue
        *sources, _target = [part for part in text.split() if not part.startswith("--")]
        for source in sources:
            assert (tree.ROOT / source).exists(), f"{source} isn't in the repository"
            assert any(source.startswith(path) for path in kept), f"{source} is left out"


def test_image_holds_the_product_and_nothing_else(instructions):
    copied = {
        source
        for name, text in instructions
        if name == "COPY"
        for source in text.split()
        if source.startswith("addons/")
    }
    assert copied == {f"addons/{name}" for name in PRODUCT_ADDONS}, "no demo company in production"


def test_python_packages_are_the_locked_ones(instructions):
    """The image's extra packages have the versions and hashes that the tests ran with."""
    lock = (tree.ROOT / "config" / "requirements.txt").read_text(encoding="utf-8")
    wanted = (DOCKER / "requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^\S+==\S+", wanted, re.MULTILINE)
    assert pins
    for pin in pins:
        assert f"{pin} " in lock, f"{pin} isn't what config/requirements.txt has"
    for value in re.findall(r"sha256:[0-9a-f]{64}", wanted):
        assert value in lock
    install = next(text for name, text in instructions if name == "RUN" and "pip3" in text)
    assert "--require-hashes" in install
    assert "--no-cache-dir" in install


def test_no_secret_in_the_image(instructions):
    for name, text in instructions:
        if name in ("ENV", "ARG"):
            keys = re.findall(r"(\w+)=", text)
            assert not [key for key in keys if SECRET.search(key)], text


def test_entrypoint_is_sound_and_executable():
    path = DOCKER / "entrypoint.sh"
    assert path.stat().st_mode & 0o111
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _enter(tmp_path, *arguments, **environment):
    """Run the entry point with an `odoo` that prints how it was started."""
    fake = tmp_path / "odoo"
    fake.write_text('#!/bin/sh\necho "odoo $* [$PGPASSWORD] [${#ODOO_ADMIN_PASSWD}]"\n')
    fake.chmod(0o755)
    return subprocess.run(
        ["bash", str(DOCKER / "entrypoint.sh"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", **environment},
    )


def test_entrypoint_reads_the_password_from_its_file(tmp_path):
    secret = tmp_path / "db_password"
    secret.write_text("s3cret\n")
    done = _enter(tmp_path, "odoo", "-d", "x", PGPASSWORD_FILE=str(secret))
    assert done.stdout == "odoo -d x [s3cret] [44]\n"
    assert _enter(tmp_path, "--version").stdout == "odoo --version [] [44]\n"
    assert _enter(tmp_path).stdout == "odoo  [] [44]\n"
    assert _enter(tmp_path, "echo", "hello").stdout == "hello\n"


def test_entrypoint_says_what_to_do_about_an_unreadable_secret(tmp_path):
    done = _enter(tmp_path, "odoo", PGPASSWORD_FILE=str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "can't be read by user" in done.stderr
    assert "mode 644" in done.stderr


# ---------------------------------------------------------------------------------- compose


def test_images_are_pinned(compose):
    for name, service in compose["services"].items():
        _image, _colon, tag = service["image"].rpartition(":")
        if name != "odoo":
            assert re.match(r"\d+\.\d+", tag), f"{name}: tag {tag} floats"
        assert not FLOATING.match(tag), f"{name}: tag {tag} floats"


def test_services_restart_are_checked_and_limited(compose):
    assert set(compose["services"]) == {"db", "odoo", "nginx"}
    for name, service in compose["services"].items():
        assert service["restart"] == "unless-stopped", name
        assert service["deploy"]["resources"]["limits"]["memory"], name
    assert compose["services"]["db"]["healthcheck"]
    assert compose["services"]["nginx"]["healthcheck"]
    depends = compose["services"]["odoo"]["depends_on"]
    assert depends == {"db": {"condition": "service_healthy"}}


def test_database_is_fifteen_or_newer_in_utf8_and_closed(compose):
    database = compose["services"]["db"]
    assert int(re.match(r"postgres:(\d+)", database["image"])[1]) >= 15
    assert "--locale=C.UTF-8" in database["environment"]["POSTGRES_INITDB_ARGS"]
    assert "ports" not in database
    assert database["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True


def test_secrets_come_from_files(compose):
    """A value in the environment is seen by everyone who may look at the container."""
    for name, service in compose["services"].items():
        for key in service.get("environment", {}):
            assert not SECRET.search(key) or key.endswith("_FILE"), f"{name}: {key}"
    for secret in compose["secrets"].values():
        assert set(secret) == {"file"}
    ignored = (DOCKER / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/secrets/", "/tls/", "/.env"} <= set(ignored)


def test_data_is_on_volumes_and_mounted_files_exist(compose):
    assert set(compose["volumes"]) == {"db-data", "odoo-data"}
    mounts = [m for s in compose["services"].values() for m in s.get("volumes", ())]
    for mount in mounts:
        source = mount.split(":")[0]
        if source.startswith("./") and source != "./tls":
            assert (DOCKER / source).exists(), source
        assert source.startswith("./") or source in compose["volumes"]
    build = compose["services"]["odoo"]["build"]
    assert (DOCKER / build["context"] / build["dockerfile"]).is_file()


def test_client_accepts_the_compose_file(tmp_path):
    """Where Docker's client has compose, it reads the file as it would in production."""
    client = shutil.which("docker")
    version = subprocess.run(
        [client or "false", "compose", "version"], capture_output=True, check=False
    )
    if version.returncode:
        # No client with compose here: the tests above read the same file as YAML.
        assert _parse_yaml(DOCKER / "compose.yaml")["name"] == "tradeworks"
        return
    done = subprocess.run(
        [client, "compose", "-f", str(DOCKER / "compose.yaml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------------------------ nginx


def test_nginx_braces_and_includes(nginx):
    assert nginx.count("{") == nginx.count("}")
    for statement in re.split(r"[{};]", nginx):
        assert "\n\n" not in statement.strip(), f"a semicolon is missing: {statement.strip()!r}"
    assert "include /etc/nginx/tradeworks-proxy.conf" in nginx


def test_nginx_speaks_tls_only(nginx):
    assert "listen 443 ssl" in nginx
    assert "return 301 https://" in nginx
    protocols = re.search(r"ssl_protocols ([^;]+);", nginx)[1].split()
    assert protocols == ["TLSv1.2", "TLSv1.3"]
    assert "Strict-Transport-Security" in nginx


def _location(nginx, head):
    return re.search(rf"location {re.escape(head)} \{{(.*?)\}}", nginx, re.DOTALL)[1]


def test_nginx_sends_the_websocket_to_its_own_process(nginx, conf):
    block = _location(nginx, "/websocket")
    assert "proxy_pass http://odoo_websocket;" in block
    assert "proxy_set_header Upgrade $http_upgrade;" in block
    # A header set in a location drops those of the server: they are included again.
    assert "include /etc/nginx/tradeworks-proxy.conf;" in block
    assert f"server odoo:{conf['gevent_port']} resolve;" in nginx
    assert f"server odoo:{conf['http_port']} resolve;" in nginx


def test_nginx_tells_odoo_who_asks(nginx):
    for header in ("Host", "X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP"):
        assert re.search(rf"proxy_set_header {header} \$", nginx), header
    # What a client claims about itself isn't passed on.
    assert "$proxy_add_x_forwarded_for" not in nginx


def test_nginx_limits_guessing_and_closes_the_database_manager(nginx):
    login = _location(nginx, "~ ^/web/(login|reset_password|session/authenticate)$")
    assert "limit_req zone=login" in login
    assert "limit_req zone=api" in _location(nginx, "~ ^/(json|jsonrpc|xmlrpc)(/|$)")
    assert "return 404" in _location(nginx, "~ ^/web/database(/|$)")
    assert re.search(r"client_max_body_size \d+m;", nginx)


def test_nginx_waits_longer_than_a_worker_may_work(nginx, conf):
    seconds = int(re.search(r"proxy_read_timeout (\d+)s;", nginx)[1])
    assert seconds > int(conf["limit_time_real"])


# -------------------------------------------------------------------------------- odoo.conf


def test_production_settings(conf):
    assert conf["list_db"] == "False"
    assert conf["proxy_mode"] == "True"
    assert conf["with_demo"] == "False"
    assert conf["dbfilter"] == f"^{conf['db_name']}$"
    assert int(conf["workers"]) >= 2, "the websocket needs its own process"
    assert int(conf["limit_memory_soft"]) < int(conf["limit_memory_hard"])
    processes = int(conf["workers"]) + int(conf["max_cron_threads"]) + 1
    assert processes * int(conf["db_maxconn"]) <= 120, "PostgreSQL's max_connections in compose"


def test_no_password_and_no_server_in_the_configuration(conf):
    """The scripts take a db_host here for the user's own server: as delivered there is none."""
    assert not [key for key in conf if SECRET.search(key)]
    assert "db_host" not in conf


def test_odoo_knows_every_option(conf, command):
    """A misspelt option would be ignored without a word."""
    script = "from odoo.tools import config; print(sorted(config.options))"
    python = tree.ROOT / ".local" / "venv" / "bin" / "python"
    done = subprocess.run([str(python), "-c", script], capture_output=True, text=True, check=False)
    known = set(re.findall(r"'(\w+)'", done.stdout))
    assert known, done.stderr
    assert set(conf) <= known, f"unknown to Odoo: {set(conf) - known}"


def test_readme_installs_exactly_the_product():
    text = (DOCKER / "README.md").read_text(encoding="utf-8")
    lists = re.findall(r"-[iu] ([a-z_,]+)", text)
    assert len(lists) == 2
    for names in lists:
        assert set(names.split(",")) == set(PRODUCT_ADDONS)


def test_readme_settings_are_those_of_the_compose_file():
    text = (DOCKER / "README.md").read_text(encoding="utf-8")
    source = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    used = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", source))
    told = set(re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE))
    names = {name for cell in told for name in re.findall(r"`(\w+)`", cell)}
    assert names == set(used)
    for name, default in used.items():
        assert re.search(rf"`{name}`.*`{re.escape(default)}`", text), f"{name}: {default}"
