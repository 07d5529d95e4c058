using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>Renders small templates.</summary>
internal static class Rendering
{
    public static RenderedPrompt Render(string source, string content = "", ChatTemplateOptions? options = null) =>
        ChatTemplate.Parse(source, options: options).Render(new ChatTemplateInput { Messages = [Message("user", content)] });

    /// <summary>The prompt with what comes from messages in guillemets.</summary>
    public static string Marked(RenderedPrompt prompt) =>
        string.Concat(prompt.Segments.Select(segment => segment.IsContent ? $"«{segment.Text}»" : segment.Text));

    public static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    public static ChatTemplateException Fault(string source, string content = "", ChatTemplateOptions? options = null) =>
        Assert.Throws<ChatTemplateException>(() => Render(source, content, options))!;
}
