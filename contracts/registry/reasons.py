"""Why somebody joined or left a household, and why a household ended: the codes that the national forms ask for."""

from enum import StrEnum


class JoinReason(StrEnum):
    """增加原因. ``RETURN_OF`` says which of them are a return, and from what."""

    BIRTH = "birth"
    MARRIAGE = "marriage"
    ADOPTION = "adoption"
    MOVED_IN = "moved_in"
    RETURNED_HOME = "returned_home"
    RELEASED = "released"
    DISCHARGED = "discharged"
    FOUND = "found"
    BACK_FROM_ABROAD = "back_from_abroad"
    AFTER_DIVORCE = "after_divorce"
    BACK_FROM_SCHOOL = "back_from_school"
    OVERLOOKED = "overlooked"
    MERGED = "merged"
    OTHER = "other"


class LeaveReason(StrEnum):
    """减少原因, a death left out."""

    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    ADOPTED = "adopted"
    MOVED_AWAY = "moved_away"
    IMPRISONED = "imprisoned"
    SERVICE = "service"
    LOST = "lost"
    ABROAD = "abroad"
    SCHOOLING = "schooling"
    OTHER = "other"


RETURN_OF = {
    JoinReason.RELEASED: LeaveReason.IMPRISONED,
    JoinReason.DISCHARGED: LeaveReason.SERVICE,
    JoinReason.FOUND: LeaveReason.LOST,
    JoinReason.BACK_FROM_ABROAD: LeaveReason.ABROAD,
    JoinReason.AFTER_DIVORCE: LeaveReason.MARRIAGE,
    JoinReason.BACK_FROM_SCHOOL: LeaveReason.SCHOOLING,
}
"""Reason for joining → reason for which whoever returns had left."""


class CancelReason(StrEnum):
    """注销原因. The death of the last member is recorded with the death itself; everything else is decided by a procedure."""

    LAST_MEMBER_DIED = "last_member_died"
    LAST_MEMBER_MARRIED = "last_member_married"
    LAST_MEMBER_IMPRISONED = "last_member_imprisoned"
    LAST_MEMBER_ENLISTED = "last_member_enlisted"
    LEFT_PROVINCE = "left_province"
    ABROAD = "abroad"
    LOST = "lost"
    DUPLICATE = "duplicate"
    MERGED = "merged"
