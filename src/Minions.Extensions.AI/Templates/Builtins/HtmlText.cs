using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Escapes text for HTML as MarkupSafe does.</summary>
internal static class HtmlText
{
    public static StringValue Escape(Value value, RenderRun run)
    {
        StringValue text = value as StringValue ?? value.ToText(run);
        if (text.IsMarkup)
            return text;

        var builder = new TextBuilder(run);
        int plain = 0;
        for (int index = 0; index < text.Text.Length; index++)
        {
            string? escaped = text.Text[index] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\'' => "&#39;",
                '"' => "&#34;",
                _ => null,
            };
            if (escaped is null)
                continue;

            builder.Append(text, plain, index - plain).Append(escaped, text.Marks?.Contains(index) ?? false);
            plain = index + 1;
        }

        return builder.Append(text, plain, text.Text.Length - plain).ToValue(isMarkup: true);
    }
}
