using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>One line of the vectors: a template, what it is rendered for, and what Jinja made of it.</summary>
public sealed record TemplateVector(string Template, string Case, string Source, JsonArray Messages, JsonObject Variables, string Now, string? Expected, string? Error)
{
    public static IReadOnlyList<TemplateVector> All { get; } =
        [.. File.ReadLines(RepositoryFiles.PathOf("tests", "data", "chat-templates", "vectors.jsonl")).Select(Read)];

    public ChatTemplate Parse() => ChatTemplate.Parse(Source, Template, new ChatTemplateOptions { TimeProvider = new FixedClock(Now) });

    public ChatTemplateInput Input() => new()
    {
        Messages = Messages.DeepClone().AsArray(),
        Tools = Variables["tools"]?.DeepClone().AsArray(),
        AddGenerationPrompt = Variables["add_generation_prompt"]?.GetValue<bool>() ?? false,
        Variables = new JsonObject(Variables.Where(variable => variable.Key is not ("tools" or "add_generation_prompt"))
            .Select(variable => KeyValuePair.Create(variable.Key, variable.Value?.DeepClone()))),
    };

    public override string ToString() => $"{Template}, {Case}";

    private static TemplateVector Read(string line)
    {
        JsonObject fields = JsonNode.Parse(line)!.AsObject();
        return new TemplateVector(
            fields["template"]!.GetValue<string>(),
            fields["case"]!.GetValue<string>(),
            fields["source"]!.GetValue<string>(),
            fields["messages"]!.AsArray(),
            fields["variables"]!.AsObject(),
            fields["now"]!.GetValue<string>(),
            fields["expected"]?.GetValue<string>(),
            fields["error"]?.GetValue<string>());
    }
}
