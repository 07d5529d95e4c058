namespace Quickstart.Prompts;

/// <summary>What is asked when the user asks nothing: one question of each kind that the embedded drafts were trained for, the first of each of its development prompts.</summary>
internal static class DemoPrompts
{
    public static IReadOnlyList<(string Id, string Domain, string Question)> All { get; } =
    [
        ("code", "code", "Write a Python function that converts a temperature from Fahrenheit to Kelvin."),
        ("story", "stories", "Write a short story about a snowman who wants to see the summer."),
        ("facts", "facts", "Explain how a refrigerator works in simple terms."),
    ];
}
