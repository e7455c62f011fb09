"""Sealed files in an S3-compatible store, one object each: ``<service>/<id>`` in one bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from services.casework.evidence.storage import FileLost, OpenFile, StorageUnavailable
from services.chassis.ground.settings import Settings

ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class S3Storage:
    """``prefix``: of the keys of this service's objects."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    @classmethod
    def of(cls, settings: Settings, prefix: str) -> "S3Storage":
        """The store that the settings name."""
        secret = settings.evidence_s3_secret_key
        client = boto3.client(
            "s3",
            endpoint_url=settings.evidence_s3_endpoint,
            region_name=settings.evidence_s3_region,
            aws_access_key_id=settings.evidence_s3_access_key,
            aws_secret_access_key=secret and secret.get_secret_value(),
            config=Config(
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 3},
                # Stores that are compatible with S3 know its checksums of 2025 seldom; the bytes are sealed anyway.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        return cls(client, settings.evidence_s3_bucket or "", prefix)

    def keep(self, evidence_id: UUID, sealed: Path) -> None:
        with _reaching(), sealed.open("rb") as file:
            self._client.put_object(Bucket=self._bucket, Key=self._key(evidence_id), Body=file)
        sealed.unlink()

    def open(self, evidence_id: UUID) -> OpenFile:
        with _reaching():
            try:
                found = self._client.get_object(Bucket=self._bucket, Key=self._key(evidence_id))
            except ClientError as error:
                if error.response["Error"]["Code"] in ABSENT:
                    raise FileLost(evidence_id) from error
                raise
        body: OpenFile = found["Body"]
        return body

    def delete(self, evidence_id: UUID) -> None:
        with _reaching():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(evidence_id))

    def older_than(self, instant: datetime) -> Iterator[UUID]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{self._prefix}/")
        with _reaching():
            for page in pages:
                for found in page.get("Contents", ()):
                    if found["LastModified"] < instant:
                        yield UUID(found["Key"].rpartition("/")[2])

    def _key(self, evidence_id: UUID) -> str:
        return f"{self._prefix}/{evidence_id}"


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StorageUnavailable from error
