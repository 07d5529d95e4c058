using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;
using Quickstart.CommandLine;

namespace Quickstart.Prompts;

/// <summary>Finds the prompts that a command line asks for.</summary>
internal static class PromptSource
{
    /// <param name="arguments">The command line.</param>
    /// <param name="templates">The target's own; <see langword="null"/> or plain ones leave questions as they are, for a model without a template continues texts.</param>
    /// <exception cref="BadInputException">The prompt file cannot be used.</exception>
    /// <exception cref="ChatTemplateException">The template refuses a question.</exception>
    public static IReadOnlyList<Prompt> Read(Arguments arguments, ChatTemplateSet? templates)
    {
        if (arguments.PromptFile is { } file)
            return PromptFile.Read(file);

        return arguments.Prompt is { } question
            ? [Make("prompt", null, question, "--prompt")]
            : [.. DemoPrompts.All.Select(demo => Make(demo.Id, demo.Domain, demo.Question, "the built-in prompt"))];

        Prompt Make(string id, string? domain, string question, string origin)
        {
            if (templates is null or { IsPlain: true })
                return new Prompt(id, domain, question, origin, question);

            RenderedPrompt rendered = templates.Render(new ChatTemplateInput { Messages = [new JsonObject { ["role"] = "user", ["content"] = question }] });
            return new Prompt(id, domain, rendered.Text, origin, question) { Content = rendered.ContentRanges };
        }
    }
}
