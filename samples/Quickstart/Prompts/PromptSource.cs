using Quickstart.CommandLine;

namespace Quickstart.Prompts;

/// <summary>Finds the prompts that a command line asks for.</summary>
internal static class PromptSource
{
    /// <param name="arguments">The command line.</param>
    /// <param name="targetFolder">Where the target's chat template lies.</param>
    /// <exception cref="BadInputException">The prompt file cannot be used.</exception>
    public static IReadOnlyList<Prompt> Read(Arguments arguments, string targetFolder)
    {
        if (arguments.PromptFile is { } file)
            return PromptFile.Read(file);

        ChatMl? template = arguments.Raw ? null : ChatMl.Detect(targetFolder);
        return arguments.Prompt is { } question
            ? [Make("prompt", null, question, "--prompt")]
            : [.. DemoPrompts.All.Select(demo => Make(demo.Id, demo.Domain, demo.Question, "the built-in prompt"))];

        Prompt Make(string id, string? domain, string question, string origin) =>
            new(id, domain, template?.Wrap(question) ?? question, origin, question);
    }
}
