namespace Minions.Docs.Tests.Pages;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page, from the root of the repository on.</param>
/// <param name="Line">The line of its opening fence, from 1.</param>
/// <param name="Language">What the fence says, such as <c>csharp</c>; empty where it says nothing.</param>
/// <param name="Code">The lines between the fences.</param>
/// <param name="Preludes">What the comment right above it names: <c>&lt;!-- snippet: services --&gt;</c>.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Code, IReadOnlyList<string> Preludes)
{
    public override string ToString() => $"{Page}, line {Line}";
}
