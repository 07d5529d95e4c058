using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart.Reporting;

/// <summary>
/// Text that came from a model or a file, shown as it is: never read as markup, never wrapped, and unable to steer the terminal, for a
/// model can write escape sequences like any other text.
/// </summary>
internal sealed class ModelText(string text, Style style) : Renderable
{
    public static string Harmless(string text) => text.Any(IsUnsafe)
        ? string.Create(text.Length, text, static (safe, source) =>
        {
            for (int i = 0; i < safe.Length; i++)
                safe[i] = IsUnsafe(source[i]) ? '\uFFFD' : source[i];
        })
        : text;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(Harmless(text), style)];

    private static bool IsUnsafe(char symbol) => char.IsControl(symbol) && symbol is not ('\n' or '\t');
}
