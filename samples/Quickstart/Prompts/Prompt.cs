using Minions.Core.Tokenization;

namespace Quickstart.Prompts;

/// <summary>One prompt to answer.</summary>
/// <param name="Id">What it is called in reports.</param>
/// <param name="Domain">The kind of request, or <see langword="null"/> when nobody said.</param>
/// <param name="Text">What the model gets, rendered by a chat template where there is one.</param>
/// <param name="Origin">The argument it came from, for messages: <c>--prompt</c>, or <c>--prompts FILE, line 3</c>.</param>
/// <param name="Question">What a person asked, or <see langword="null"/> where only the rendered text is known.</param>
internal sealed record Prompt(string Id, string? Domain, string Text, string Origin, string? Question = null)
{
    /// <summary>
    /// Where a template rendered the text, the parts of it that a person wrote: special tokens in them are nothing but text. <see langword="null"/> for a
    /// text that is taken as it is, all of it parsed for special tokens.
    /// </summary>
    public IReadOnlyList<Range>? Content { get; init; }

    /// <summary>The ids that the target continues. A template writes the begin token by itself, so none is added to what it rendered.</summary>
    public IReadOnlyList<int> Encode(ITextTokenizer tokenizer) =>
        Content is null ? tokenizer.Encode(Text) : tokenizer.EncodePrompt(Text, Content, addBeginToken: false);
}
