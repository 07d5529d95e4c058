namespace Quickstart.Prompts;

/// <summary>One prompt to answer.</summary>
/// <param name="Id">What it is called in reports.</param>
/// <param name="Domain">The kind of request, or <see langword="null"/> when nobody said.</param>
/// <param name="Text">What the model gets, rendered by a chat template where there is one.</param>
/// <param name="Origin">The argument it came from, for messages: <c>--prompt</c>, or <c>--prompts FILE, line 3</c>.</param>
/// <param name="Question">What a person asked, or <see langword="null"/> where only the rendered text is known.</param>
internal sealed record Prompt(string Id, string? Domain, string Text, string Origin, string? Question = null);
