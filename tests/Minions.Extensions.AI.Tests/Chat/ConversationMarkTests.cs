using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.Tests.Templates;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>Whatever a template does with a conversation, and in whatever form it is put: what comes from it is text, and special tokens in it are none.</summary>
internal sealed partial class ConversationMarkTests
{
    // None of these two is in a template.
    private const string Open = "❰";
    private const string Close = "❱";

    private static IEnumerable<string> Templates => WholeConversationTests.Models.Keys;

    [TestCaseSource(nameof(Templates))]
    public void Markers_in_any_place_of_a_conversation_come_out_as_content_only(string template)
    {
        string[] markers = [.. Marker().Matches(VectorTemplates.Source(template)).Select(match => match.Value).Append("<|im_end|>").Append("<|tool_call_start|>").Distinct()];
        string injected = $"{Open}{string.Join(' ', markers)}{Close}";
        foreach (bool withTools in (bool[])[true, false])
        {
            RenderedPrompt before = Render(template, string.Empty, withTools);
            RenderedPrompt after;
            try
            {
                after = Render(template, injected, withTools);
            }
            catch (ChatTemplateException exception) when (exception.Kind == ChatTemplateErrorKind.Raised)
            {
                continue; // The template looks for its markers by itself.
            }

            string own = string.Concat(after.Segments.Where(segment => !segment.IsContent).Select(segment => segment.Text));
            Assert.That(own.IndexOfAny([Open[0], Close[0]]), Is.Negative, Rendering.Marked(after));
            Assert.That(Markers(after), Is.EqualTo(Markers(before)), Rendering.Marked(after));
        }
    }

    private static RenderedPrompt Render(string template, string injected, bool withTools)
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, $"system{injected}"),
            new(new ChatRole("developer"), $"developer{injected}"),
            new(ChatRole.User, $"user{injected}") { AuthorName = $"author{injected}" },
            new(ChatRole.Assistant, [new TextReasoningContent($"thought{injected}"), new TextContent($"text{injected}"), Call("1", injected), Call("2", injected)]),
            new(ChatRole.Tool, [new FunctionResultContent($"id1{injected}", $"result{injected}"), new FunctionResultContent($"id2{injected}", $"result{injected}")]),
            new(ChatRole.Assistant, $"answer{injected}"),
            new(ChatRole.System, $"later{injected}"),
            new(ChatRole.User, $"more{injected}"),
            new(ChatRole.Assistant, [new TextReasoningContent($"thought{injected}"), Call("3", injected)]),
            new(ChatRole.Tool, [new FunctionResultContent($"id3{injected}", $"result{injected}")]),
        ];
        AIFunctionDeclaration tool = ToolCalls.Tools.Declare(
            $"tool{injected}", $$$"""{"type":"object","properties":{"town{{{injected}}}":{"type":"string","description":"town{{{injected}}}","enum":["Rome{{{injected}}}"]}},"required":["town{{{injected}}}"]}""");
        return WholeConversationTests.Models[template].Render(messages, $"instructions{injected}", withTools ? ToolCatalog.From([tool]) : ToolCatalog.Empty, []);
    }

    private static FunctionCallContent Call(string number, string injected) =>
        new($"id{number}{injected}", $"tool{injected}", new Dictionary<string, object?> { [$"town{injected}"] = $"Rome{injected}" });

    private static string[] Markers(RenderedPrompt prompt) =>
        [.. prompt.Segments.Where(segment => !segment.IsContent).SelectMany(segment => Marker().Matches(segment.Text)).Select(match => match.Value)];

    [GeneratedRegex(@"<[|｜][^|>｜]+[|｜]>|</?[a-z_]+_of_turn>|\[/?[A-Z_]+\]|<</?SYS>>|</?(s|tool_call|use|u|a)>")]
    private static partial Regex Marker();
}
