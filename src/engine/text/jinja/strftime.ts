/** `datetime.now().strftime(format)` in Python on Linux: the C library's codes, in its plain locale. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAY_MS = 86_400_000;

/** How a number is padded, unless a flag says otherwise. */
interface Field {
  readonly text: string;
  readonly width: number;
  readonly pad: string;
}
const number = (value: number, width: number, pad = '0'): Field => ({ text: String(value), width, pad });
const word = (text: string): Field => ({ text, width: 0, pad: ' ' });

/** The date in local time, as `datetime.now()` has it. */
export function strftime(date: Date, format: string): string {
  return format.replace(/%([-_0^#]*)(\d*)([EO]?)(:*.)/gsu, (whole, flags: string, width: string, _modifier: string, code: string) => {
    if (Number(width) > 1000) return whole;
    const field = fieldOf(date, code);
    if (field === null) return whole;
    let { text, pad } = field;
    for (const flag of flags) {
      if (flag === '-') pad = '';
      else if (flag === '_') pad = ' ';
      else if (flag === '0') pad = '0';
      else if (flag === '^') text = text.toUpperCase();
      else if (flag === '#') text = code === 'p' || code === 'Z' ? text.toLowerCase() : text.toUpperCase();
    }
    const room = width === '' ? field.width : Number(width);
    return pad === '' ? text : text.padStart(room, pad);
  });
}

function fieldOf(date: Date, code: string): Field | null {
  const [year, month, day, weekday] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getDay()];
  const hour = date.getHours();
  const dayOfYear = Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / DAY_MS);
  const composed = (format: string) => word(strftime(date, format));
  switch (code) {
    case 'a':
      return word(DAYS[weekday]!.slice(0, 3));
    case 'A':
      return word(DAYS[weekday]!);
    case 'b':
    case 'h':
      return word(MONTHS[month]!.slice(0, 3));
    case 'B':
      return word(MONTHS[month]!);
    case 'c':
      return composed('%a %b %e %H:%M:%S %Y');
    case 'C':
      return number(Math.floor(year / 100), 2);
    case 'd':
      return number(day, 2);
    case 'D':
    case 'x':
      return composed('%m/%d/%y');
    case 'e':
      return number(day, 2, ' ');
    case 'f':
      return word(String(date.getMilliseconds() * 1000).padStart(6, '0'));
    case 'F':
      return composed('%Y-%m-%d');
    case 'g':
      return number(isoWeek(date).year % 100, 2);
    case 'G':
      return number(isoWeek(date).year, 4);
    case 'H':
      return number(hour, 2);
    case 'I':
      return number(hour % 12 || 12, 2);
    case 'j':
      return number(dayOfYear + 1, 3);
    case 'k':
      return number(hour, 2, ' ');
    case 'l':
      return number(hour % 12 || 12, 2, ' ');
    case 'm':
      return number(month + 1, 2);
    case 'M':
      return number(date.getMinutes(), 2);
    case 'n':
      return word('\n');
    case 'p':
      return word(hour < 12 ? 'AM' : 'PM');
    case 'P':
      return word(hour < 12 ? 'am' : 'pm');
    case 'r':
      return composed('%I:%M:%S %p');
    case 'R':
      return composed('%H:%M');
    case 's':
      return number(Math.floor(date.getTime() / 1000), 1);
    case 'S':
      return number(date.getSeconds(), 2);
    case 't':
      return word('\t');
    case 'T':
    case 'X':
      return composed('%H:%M:%S');
    case 'u':
      return number(weekday || 7, 1);
    case 'U':
      return number(Math.floor((dayOfYear + 7 - weekday) / 7), 2);
    case 'V':
      return number(isoWeek(date).week, 2);
    case 'w':
      return number(weekday, 1);
    case 'W':
      return number(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7), 2);
    case 'y':
      return number(year % 100, 2);
    case 'Y':
      return number(year, 1);
    // The time has no zone.
    case 'z':
    case ':z':
    case 'Z':
      return word('');
    case '%':
      return word('%');
    default:
      return null;
  }
}

/** Weeks begin on Monday; the first is that of the first Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7)));
  const year = thursday.getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) };
}
