"""The application of sheets, and a cadre who uses it."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from contracts.roles import Role
from services.chassis.ground.settings import Settings
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from tests.chassis.web.sheets import ACCESS, LIMITS, router
from tests.chassis.web.tokens import NOW, token_of


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("admission"))


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    verifier = Verifier.of(settings, now=lambda: NOW)
    return service_app(name="small", title="Small", routers=[router], access=ACCESS, verifier=verifier, limits=LIMITS)


@pytest.fixture(scope="module")
def cadre(app: FastAPI, settings: Settings) -> TestClient:
    return TestClient(app, headers={"Authorization": f"Bearer {token_of(settings, Role.CADRE)}"})
