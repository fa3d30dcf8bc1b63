from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

PACKAGE = Path(__file__).parents[1]


def run_pip(*arguments: str) -> None:
    """Run pip as a machine without network would."""
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--isolated", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run_pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(PACKAGE))
    [built] = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def metadata(wheel) -> str:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return archive.read(name).decode()


def test_wheel_is_for_every_machine_and_holds_the_package_alone(wheel):
    assert wheel.name == "airflow_provider_lakehouse_lab-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"lakehouse_lab_airflow", "airflow_provider_lakehouse_lab-0.1.0.dist-info"}
    assert "lakehouse_lab_airflow/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    sources = {str(path.relative_to(PACKAGE / "src")) for path in (PACKAGE / "src").rglob("*.py")}
    assert sources <= set(names)


def test_metadata_is_valid(metadata):
    parsed = Metadata.from_email(metadata, validate=True)
    assert parsed.name == "airflow-provider-lakehouse-lab"
    assert parsed.license_expression == "Apache-2.0"
    assert str(parsed.requires_python) == ">=3.10"
    assert parsed.description_content_type == "text/markdown"
    assert parsed.description == (PACKAGE / "README.md").read_text()
    assert "Framework :: Apache Airflow :: Provider" in (parsed.classifiers or [])
    assert {requirement.name for requirement in parsed.requires_dist or [] if requirement.marker is None} == {
        "aiohttp",
        "apache-airflow",
        "httpx",
    }


def test_wheel_installs_offline_and_is_found_as_a_provider(wheel, tmp_path):
    run_pip("install", "--no-index", "--no-deps", "--target", str(tmp_path), str(wheel))
    look = (
        "from importlib.metadata import entry_points;"
        "[point] = [p for p in entry_points(group='apache_airflow_provider') if p.dist.name == 'airflow-provider-lakehouse-lab'];"
        "print(point.load()()['package-name'])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.append({str(tmp_path)!r}); {look}"], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "airflow-provider-lakehouse-lab", done.stderr
