using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Makes strings as wide as asked for.</summary>
internal static class Padding
{
    public static int Missing(StringValue text, int width) => Math.Max(width - text.Length!.Value, 0);

    public static StringValue Pad(StringValue text, int before, int after, StringValue fill, RenderRun run) => before + after == 0
        ? text
        : new TextBuilder(run).Repeat(fill, before).Append(text).Repeat(fill, after).ToValue(text.IsMarkup);

    public static StringValue Center(StringValue text, int width, StringValue fill, RenderRun run)
    {
        int missing = Missing(text, width);
        int before = (missing / 2) + (missing & width & 1); // An odd space goes to the left where the width is odd.
        return Pad(text, before, missing - before, fill, run);
    }

    public static StringValue ZeroFill(StringValue text, int width, RenderRun run)
    {
        int sign = text.Text.StartsWith('+') || text.Text.StartsWith('-') ? 1 : 0;
        return new TextBuilder(run).Append(text, 0, sign).Repeat(new StringValue("0"), Missing(text, width))
            .Append(text, sign, text.Text.Length - sign).ToValue(text.IsMarkup);
    }

    public static StringValue ExpandTabs(StringValue text, int size, RenderRun run)
    {
        var builder = new TextBuilder(run);
        int column = 0;
        for (int index = 0; index < text.Text.Length; index++)
        {
            char character = text.Text[index];
            if (character == '\t')
            {
                int spaces = size > 0 ? size - (column % size) : 0;
                builder.Repeat(new StringValue(" "), spaces);
                column += spaces;
                continue;
            }

            builder.Append(text, index, 1);
            column = character is '\n' or '\r' ? 0 : column + 1;
        }

        return builder.ToValue(text.IsMarkup);
    }
}
