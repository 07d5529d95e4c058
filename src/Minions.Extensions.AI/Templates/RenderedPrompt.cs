namespace Minions.Extensions.AI.Templates;

/// <summary>A prompt that knows which parts of it come from messages, tools and documents: in them, special tokens are nothing but text.</summary>
public sealed class RenderedPrompt
{
    internal RenderedPrompt(string text, IReadOnlyList<Range> content) => (Text, ContentRanges) = (text, content);

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>
    /// The parts of <see cref="Text"/> that come from the input, in order; they neither touch nor overlap, and both ends count from the start. Roles
    /// count as the template's.
    /// </summary>
    public IReadOnlyList<Range> ContentRanges { get; }

    /// <summary>The text in pieces, each of which comes from the input or from the template as a whole.</summary>
    public IEnumerable<PromptSegment> Segments
    {
        get
        {
            int from = 0;
            foreach (Range range in ContentRanges)
            {
                if (range.Start.Value > from)
                    yield return new PromptSegment(Text[from..range.Start], isContent: false);
                yield return new PromptSegment(Text[range], isContent: true);
                from = range.End.Value;
            }

            if (from < Text.Length)
                yield return new PromptSegment(Text[from..], isContent: false);
        }
    }

    /// <summary>The whole text.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
