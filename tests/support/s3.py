"""A real S3 server for tests: S3Proxy, brought by Maven, over a folder of its own on this machine."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config

import services
from services.chassis.kafka.jars import jars, java
from tests.support.eventually import eventually
from tests.support.kafka import install_java_and_maven

POM = Path(__file__).parent / "s3proxy" / "pom.xml"
CACHE = Path(services.__file__).parent.parent / "build" / "s3proxy" / "jars"
ACCESS_KEY, SECRET_KEY, BUCKET = "lika-test", "lika-test-secret", "evidence"
QUIET = '<configuration><root level="ERROR"/></configuration>\n'


@dataclass
class S3Server:
    """``stop`` and ``start`` let a test take it away."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def settings(self) -> Mapping[str, Any]:
        """What names it to the product."""
        return {
            "evidence_s3_endpoint": f"http://127.0.0.1:{self.port}", "evidence_s3_bucket": BUCKET,
            "evidence_s3_access_key": ACCESS_KEY, "evidence_s3_secret_key": SECRET_KEY,
        }  # fmt: skip

    @property
    def client(self) -> Any:
        """Another client than the product's, to look at what lies there."""
        return boto3.client(
            "s3", endpoint_url=self.settings["evidence_s3_endpoint"], region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
            config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required",
                          response_checksum_validation="when_required"),
        )  # fmt: skip

    def objects(self) -> dict[str, int]:
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return {each["Key"]: each["Size"] for each in found}

    def start(self) -> Self:
        jvm = ["-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
               f"-Dlogback.configurationFile={self.folder / 'logback.xml'}"]  # fmt: skip
        main = ["org.gaul.s3proxy.Main", "--properties", str(self.folder / "s3proxy.conf")]
        command = [java(), *jvm, "-cp", f"{jars(CACHE, POM)}/*", *main]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        eventually(self._answers, within=120)
        return self

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A server with one empty bucket. Fails, never skips, where it cannot be had."""
    install_java_and_maven()
    folder = Path(tempfile.mkdtemp(prefix="lika-test-s3-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    blobs = folder / "blobs"
    blobs.mkdir()
    (folder / "logback.xml").write_text(QUIET)
    (folder / "s3proxy.conf").write_text(
        f"s3proxy.endpoint=http://127.0.0.1:{port}\ns3proxy.authorization=aws-v2-or-v4\n"
        f"s3proxy.identity={ACCESS_KEY}\ns3proxy.credential={SECRET_KEY}\n"
        f"jclouds.provider=filesystem-nio2\njclouds.identity=none\njclouds.credential=none\n"
        f"jclouds.filesystem.basedir={blobs}\n"
    )
    server = S3Server(folder, port)
    try:
        server.start()
        server.client.create_bucket(Bucket=BUCKET)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
