using System.Globalization;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's <c>strftime</c> of a local time without a zone, in the C locale.</summary>
internal static class ClockText
{
    public static string Format(DateTime time, string format, RenderRun run)
    {
        var text = new StringBuilder();
        for (int index = 0; index < format.Length; index++)
        {
            run.Step();
            if (format[index] != '%' || index + 1 == format.Length)
            {
                text.Append(format[index]);
                continue;
            }

            // A dash leaves the padding away, as the C library of Linux has it.
            bool unpadded = format[index + 1] == '-' && index + 2 < format.Length;
            char directive = format[index += unpadded ? 2 : 1];
            string? part = Directive(time, directive, run);
            run.GrowText(part?.Length ?? 0);
            text.Append(part is null ? $"%{(unpadded ? "-" : "")}{directive}" : unpadded ? Unpadded(part) : part);
        }

        return text.ToString();
    }

    private static string Unpadded(string part)
    {
        string trimmed = part.TrimStart('0', ' ');
        return trimmed.Length == 0 || !char.IsAsciiDigit(trimmed[0]) ? "0" + trimmed : trimmed;
    }

    private static string? Directive(DateTime time, char directive, RenderRun run) => directive switch
    {
        'a' => Net(time, "ddd"),
        'A' => Net(time, "dddd"),
        'b' or 'h' => Net(time, "MMM"),
        'B' => Net(time, "MMMM"),
        'c' => Format(time, "%a %b %e %H:%M:%S %Y", run),
        'C' => Two(time.Year / 100),
        'd' => Two(time.Day),
        'D' or 'x' => Net(time, "MM'/'dd'/'yy"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Net(time, "ffffff"),
        'F' => Format(time, "%Y-%m-%d", run),
        'g' => Two(ISOWeek.GetYear(time) % 100),
        'G' => ISOWeek.GetYear(time).ToString(CultureInfo.InvariantCulture),
        'H' => Two(time.Hour),
        'I' => Two(TwelveHours(time)),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'l' => TwelveHours(time).ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Two(time.Month),
        'M' => Two(time.Minute),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format(time, "%I:%M:%S %p", run),
        'R' => Format(time, "%H:%M", run),
        'S' => Two(time.Second),
        't' => "\t",
        'T' or 'X' => Format(time, "%H:%M:%S", run),
        'u' => ((((int)time.DayOfWeek + 6) % 7) + 1).ToString(CultureInfo.InvariantCulture),
        'U' => Two((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7),
        'V' => Two(ISOWeek.GetWeekOfYear(time)),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'W' => Two((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7),
        'y' => Two(time.Year % 100),
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        'z' or 'Z' => string.Empty, // The time that templates get has no zone.
        '%' => "%",
        _ => null,
    };

    private static int TwelveHours(DateTime time) => time.Hour % 12 == 0 ? 12 : time.Hour % 12;

    private static string Two(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    private static string Net(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
