"""Takes one whole frame out of what a server says on a WebSocket (RFC 6455, section 5.2), as no network would."""

HEAD_END = b"\r\n\r\n"


class FrameLoss:
    """Passes everything on in whole frames, except the `number`-th one after the handshake."""

    def __init__(self, number: int):
        self._frames_left = number
        self._waiting = b""
        self._is_past_head = False
        self.has_lost = False

    def pass_on(self, data: bytes) -> bytes:
        """What may go on now; the beginning of a frame waits for its end."""
        self._waiting += data
        passed = b"" if self._is_past_head else self._take_head()
        while self._is_past_head and (length := _frame_length(self._waiting)) is not None:
            frame, self._waiting = self._waiting[:length], self._waiting[length:]
            self._frames_left -= 1
            if self._frames_left == 0:
                self.has_lost = True
            else:
                passed += frame
        return passed

    def spare(self) -> None:
        """Loses nothing any more."""
        self._frames_left = 0

    def _take_head(self) -> bytes:
        end = self._waiting.find(HEAD_END)
        if end < 0:
            return b""
        self._is_past_head = True
        end += len(HEAD_END)
        head, self._waiting = self._waiting[:end], self._waiting[end:]
        return head


def _frame_length(data: bytes) -> int | None:
    """Of the first frame, its head included; none when it is not whole yet. A server's frames are not masked."""
    if len(data) < 2:
        return None
    extra = {126: 2, 127: 8}.get(data[1] & 0x7F, 0)
    if len(data) < 2 + extra:
        return None
    payload = int.from_bytes(data[2:2 + extra]) if extra else data[1] & 0x7F
    length = 2 + extra + payload
    return length if len(data) >= length else None
