"""A photo's way: from a phone over a bad link, through a check, before a person, out and away."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.upload_files import PLACE, SECRET, film, picture
from tests.upload_stage import CALL, CENTRE, DANA, TUS, Stage, opened

from ringdown.uploads.adapters.picture_process import PictureProcess


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened(tmp_path) as found:
        yield found


async def test_a_photo_comes_over_a_bad_link_and_is_seen_with_care(tmp_path: Path) -> None:
    """Resumed over a restart; nothing is seen before a person opens it; the log is its story."""
    photo = picture(size=(900, 700), quality=95)
    async with opened(tmp_path, PictureProcess()) as stage:
        made = await stage.begin(len(photo))
        place = made.headers["location"]
        upload_id = place.rpartition("/")[2]
        assert (made.status_code, place) == (201, f"/l/api/uploads/{upload_id}")
        assert (await stage.held(place)).headers["upload-offset"] == "0"
        assert (await stage.write(place, 0, photo[:5000])).headers["upload-offset"] == "5000"
        stage.restart()
        there = await stage.held(place)
        assert (there.headers["upload-offset"], there.headers["upload-length"]) == (
            "5000", str(len(photo)),
        )  # fmt: skip
        assert there.headers["cache-control"] == "no-store"
        # What is said to belong elsewhere is not taken; the phone asks and goes on.
        assert (await stage.write(place, 4000, photo[4000:])).status_code == 409
        done = await stage.write(place, 5000, photo[5000:])
        assert (done.status_code, done.headers["upload-offset"]) == (204, str(len(photo)))
        # An answer that was lost is had again.
        assert (await stage.write(place, len(photo), b"")).status_code == 204

        async with stage.phone() as phone, stage.console("dana") as dana:
            assert (await phone.get(place)).json()["state"] == "checking"
            assert (await dana.get(f"/uploads/{upload_id}/picture")).status_code == 409
            stage.restart()
        await stage.service.checking._tidy()
        await stage.service.checking.look()
        async with stage.phone() as phone, stage.console("dana") as dana:
            assert (await phone.get(place)).json()["state"] == "arrived"
            (listed,) = (await dana.get("/uploads")).json()["uploads"]
            assert listed["state"] == "quarantined"
            assert listed["sha256"] == hashlib.sha256(photo).hexdigest()
            assert listed["metadata"]["description"] == SECRET.decode()
            assert stage.book.rows == []

            shown = await dana.get(f"/uploads/{upload_id}/picture")
            assert shown.status_code == 200
            assert shown.headers["content-type"] == "image/jpeg"
            assert "sandbox" in shown.headers["content-security-policy"]
            assert shown.headers["x-content-type-options"] == "nosniff"
            assert shown.headers["cache-control"] == "no-store"
            assert SECRET not in shown.content
            assert (await stage.view(upload_id)).state == "viewed"
            assert (await dana.get(f"/uploads/{upload_id}/picture")).status_code == 200
            stage.book.close()
            assert (await dana.get(f"/uploads/{upload_id}/file")).content == shown.content
            assert [row.viewing_id for row in stage.book.rows] == ["view_1", "view_2"]
            # The page never hears who looked.
            assert (await phone.get(place)).json()["state"] == "arrived"

        async with stage.console("lee") as lee:
            out = await lee.get(f"/uploads/{upload_id}/export")
            assert out.headers["content-disposition"] == f'attachment; filename="{upload_id}.jpg"'
            assert SECRET not in out.content
            no = await lee.request("DELETE", f"/uploads/{upload_id}", json={"reason": "  "})
            assert (no.status_code, no.json()["code"]) == (422, "uploads.removal.reason")
            gone = await lee.request(
                "DELETE", f"/uploads/{upload_id}", json={"reason": "Somebody else"}
            )
            assert (gone.json()["state"], gone.json()["metadata"]) == ("removed", {})
            assert (await lee.get(f"/uploads/{upload_id}/export")).status_code == 410
        assert stage.on_disk() == []
        assert await stage.told() == [
            "receiving", "receiving", "checking", "quarantined", "viewed", "removed",
        ]  # fmt: skip
        assert await stage.acts() == [
            ("uploads:file:received", "uploads"),
            ("uploads:file:viewed", "Dana"),
            ("uploads:file:viewed", "Dana"),
            ("uploads:file:exported", "Lee"),
            ("uploads:file:removed", "Lee"),
        ]


async def test_a_video_is_played_in_parts_and_leaves_without_its_story(stage: Stage) -> None:
    """Ranges as players ask for them; the export has neither place, nor make, nor time."""
    data = film(b"isom") + b"\0\0\x40\0free" + b"x" * 16376
    upload_id, _ = await stage.send(data, "video/mp4")
    view = await stage.view(upload_id)
    assert (view.kind, view.content_type) == ("video", "video/mp4")
    assert view.metadata["place"] == PLACE.decode()
    async with stage.console("lee") as lee:
        whole = await lee.get(f"/uploads/{upload_id}/file")
        assert (whole.status_code, whole.content) == (200, data)
        assert whole.headers["accept-ranges"] == "bytes"
        for asked, part in (
            ("bytes=0-0", data[:1]),
            ("bytes=100-", data[100:]),
            ("bytes=-7", data[-7:]),
            ("bytes=5-99999999", data[5:]),
        ):
            got = await lee.get(f"/uploads/{upload_id}/file", headers={"range": asked})
            assert (got.status_code, got.content) == (206, part)
            assert got.headers["content-length"] == str(len(part))
        over = await lee.get(f"/uploads/{upload_id}/file", headers={"range": f"bytes={len(data)}-"})
        assert (over.status_code, over.headers["content-range"]) == (416, f"bytes */{len(data)}")
        assert (await lee.get(f"/uploads/{upload_id}/picture")).status_code == 404
        out = (await lee.get(f"/uploads/{upload_id}/export")).content
    assert len(out) == len(data)
    for secret in (PLACE, SECRET, b"Acme", b"Phone 9"):
        assert secret not in out
    assert [tag for tag, _ in await stage.acts()].count("uploads:file:viewed") == 1


async def test_an_iphones_own_photo_is_taken_and_shown_as_jpeg(tmp_path: Path) -> None:
    """HEIC, which few screens show; its place is told beside it and leaves with nobody."""
    async with opened(tmp_path, PictureProcess()) as stage:
        upload_id, answer = await stage.send(picture("HEIF"), "image/heic")
        assert answer.status_code == 204
        view = await stage.view(upload_id)
        assert (view.state, view.content_type) == ("quarantined", "image/heic")
        assert (view.metadata["model"], view.metadata["lat"]) == ("Phone 9", "47.658800")
        async with stage.console("lee") as lee:
            for part in ("picture", "file", "export"):
                shown = await lee.get(f"/uploads/{upload_id}/{part}")
                assert shown.headers["content-type"] == "image/jpeg"
                assert shown.content.startswith(b"\xff\xd8\xff")
                assert SECRET not in shown.content
                assert f"{upload_id}.jpg" in shown.headers["content-disposition"]


async def test_a_photo_by_mms_goes_the_same_way_once(stage: Stage) -> None:
    """The same part of a message is the same file, also where it was broken off or refused."""
    first = await stage.by_text(picture())
    assert await stage.by_text(picture()) == first
    refused = await stage.by_text(b"<html>" * 400, part=1)
    assert await stage.by_text(b"<html>" * 400, part=1) == refused
    large = await stage.by_text(b"\xff\xd8\xff" + bytes(1_100_000), part=2)
    empty = await stage.by_text(b"", part=3)
    await stage.service.checking.look()
    assert [(each.upload_id, each.state, each.reason) for each in await stage.views()] == [
        (first, "quarantined", None),
        (refused, "refused", "uploads.file.markup"),
        (large, "refused", "uploads.file.too_large"),
        (empty, "refused", "uploads.file.empty"),
    ]
    view = await stage.view(first)
    assert (view.via, view.link_id, view.size) == ("mms", None, len(picture()))


async def test_a_caller_takes_back_what_is_not_whole_yet(stage: Stage) -> None:
    """Afterwards it is the centre's, which alone removes it."""
    place = (await stage.begin(5000)).headers["location"]
    await stage.write(place, 0, picture()[:100])
    async with stage.phone() as phone:
        assert (await phone.delete(place, headers=TUS)).status_code == 204
        assert (await stage.held(place)).status_code == 410
        assert (await phone.get(place)).json()["state"] == "removed"
        assert stage.on_disk() == []
        upload_id, _ = await stage.send(picture())
        no = await phone.delete(f"/l/api/uploads/{upload_id}", headers=TUS)
        assert (no.status_code, no.json()["code"]) == (409, "uploads.file.already_sent")
    assert (await stage.view(upload_id)).state == "quarantined"


async def test_only_the_centre_and_only_people_look(stage: Stage) -> None:
    """Another centre's file looks missing, and a machine is shown nothing."""
    upload_id, _ = await stage.send(picture())
    async with stage.console("far") as far:
        for part in ("picture", "file", "export"):
            assert (await far.get(f"/uploads/{upload_id}/{part}")).status_code == 404
        assert (
            await far.request("DELETE", f"/uploads/{upload_id}", json={"reason": "x"})
        ).status_code == 404
        assert (await far.get("/uploads")).status_code == 404
    async with stage.console("dana") as dana:
        assert (await dana.get(f"/uploads/{upload_id}/export")).status_code == 403
        assert (await dana.get("/uploads/upl_none/picture")).status_code == 404
    machine = type(DANA)("client", "client_1", "CAD", CENTRE, DANA.permissions)
    with pytest.raises(Exception, match="only a person"):
        await stage.service.picture(machine, CALL, upload_id)
    assert stage.book.rows == []
