using System.Text;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>The normalisation forms of Unicode (UAX #15).</summary>
/// <remarks>
/// <see cref="string.Normalize(NormalizationForm)"/> cannot be used: with invariant globalization, common in containers, it returns its input
/// unchanged, and elsewhere its answer depends on the ICU of the machine, so that the same prompt could have other ids.
/// </remarks>
internal static class UnicodeNormalization
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    public static string Normalize(string text, NormalizationForm form)
    {
        // The first characters that each form may change; most prompts end here.
        char unchangedBelow = form switch
        {
            NormalizationForm.FormC => '\u0300',
            NormalizationForm.FormD => '\u00C0',
            _ => '\u00A0',
        };
        if (text.AsSpan().IndexOfAnyInRange(unchangedBelow, '\uFFFF') < 0)
            return text;

        UnicodeDecompositions data = UnicodeDecompositions.Instance;
        var points = new List<int>(text.Length + 16);
        bool compatibility = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, compatibility, data, points);
        Reorder(points, data);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            Compose(points, data);

        var result = new StringBuilder(points.Count);
        Span<char> units = stackalloc char[2];
        foreach (int point in points)
            result.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return result.ToString();
    }

    private static void Decompose(int point, bool compatibility, UnicodeDecompositions data, List<int> points)
    {
        int syllable = point - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            points.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
            points.Add(VowelBase + (syllable % (VowelCount * TrailCount) / TrailCount));
            if (syllable % TrailCount != 0)
                points.Add(TrailBase + (syllable % TrailCount));
        }
        else if (data.TryDecompose(point, compatibility, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, compatibility, data, points);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Sorts every run of combining marks by class; marks of one class keep their order.</summary>
    private static void Reorder(List<int> points, UnicodeDecompositions data)
    {
        for (int start = 0; start < points.Count; start++)
        {
            if (data.CombiningClass(points[start]) == 0)
                continue;

            int end = start + 1;
            while (end < points.Count && data.CombiningClass(points[end]) != 0)
                end++;
            if (end - start > 1)
            {
                int[] sorted = points.GetRange(start, end - start).OrderBy(data.CombiningClass).ToArray();
                for (int index = 0; index < sorted.Length; index++)
                    points[start + index] = sorted[index];
            }

            start = end;
        }
    }

    private static void Compose(List<int> points, UnicodeDecompositions data)
    {
        int starter = -1;
        int lastClass = 0;
        int written = 0;
        for (int read = 0; read < points.Count; read++)
        {
            int point = points[read];
            byte combiningClass = data.CombiningClass(point);

            // A mark of the same class between the starter and this one blocks it; so does a starter that did not join.
            bool adjacent = starter >= 0 && starter == written - 1;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < combiningClass))
                && TryCompose(points[starter], point, data, out int composed))
            {
                points[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
                starter = written;
            lastClass = combiningClass;
            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryCompose(int first, int second, UnicodeDecompositions data, out int composed)
    {
        if (first - LeadBase is >= 0 and < LeadCount && second - VowelBase is >= 0 and < VowelCount)
        {
            composed = SyllableBase + ((((first - LeadBase) * VowelCount) + (second - VowelBase)) * TrailCount);
            return true;
        }

        int syllable = first - SyllableBase;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && second - TrailBase is > 0 and < TrailCount)
        {
            composed = first + (second - TrailBase);
            return true;
        }

        return data.TryCompose(first, second, out composed);
    }
}
