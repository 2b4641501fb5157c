"""Amounts in Chinese capitals, as they stand on what is signed: 壹佰贰拾万元整."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("", "万", "亿")
MOST = Decimal(10) ** 12  # beyond it the names of the groups end


def capitals(amount: Decimal) -> str:
    """The amount of yuan in capitals, to the fen. Raises ValueError beyond the names of numbers."""
    fen = int((abs(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if fen >= MOST * 100:
        raise ValueError(amount)
    yuan, rest = divmod(fen, 100)
    words = (f"{_whole(yuan)}元" if yuan or not rest else "") + _small(rest, bool(yuan))
    return f"负{words}" if amount < 0 and fen else words


def _whole(number: int) -> str:
    """A whole number: groups of four digits, one 零 for any gap between."""
    if not number:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        gap = words and (group < 1000 or not groups[place + 1] % 10) and not words.endswith(DIGITS[0])
        if group:
            words += (DIGITS[0] if gap else "") + _group(group) + GROUPS[place]
        elif gap and any(groups[:place]):
            words += DIGITS[0]
    return words


def _group(number: int) -> str:
    """Up to four digits, without zeros at either end."""
    words = ""
    for digit, place in zip(f"{number:04d}", PLACES, strict=True):
        if digit != "0":
            words += DIGITS[int(digit)] + place
        elif words and not words.endswith(DIGITS[0]):
            words += DIGITS[0]
    return words.rstrip(DIGITS[0])


def _small(fen: int, after_yuan: bool) -> str:
    """Jiao and fen, or that there are none."""
    jiao, fen = divmod(fen, 10)
    if not jiao and not fen:
        return "整"
    first = f"{DIGITS[jiao]}角" if jiao else DIGITS[0] if after_yuan else ""
    return first + (f"{DIGITS[fen]}分" if fen else "整")
