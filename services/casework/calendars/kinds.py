"""The kinds of documents that calendars are. They stand in the registry's log; other services follow them."""

from services.casework.calendars import day_count, festivals, school_terms
from services.casework.documents.kinds import DocumentKinds

CALENDAR_KINDS: DocumentKinds = {
    day_count.KIND: day_count.holidays_from,
    school_terms.KIND: school_terms.school_terms_from,
    festivals.KIND: festivals.festivals_from,
}
