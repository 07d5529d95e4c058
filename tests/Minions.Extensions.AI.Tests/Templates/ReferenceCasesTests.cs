using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>What Jinja 3.1.6 makes of expressions and statements by themselves.</summary>
public sealed class ReferenceCasesTests
{
    private static IEnumerable<TestCaseData> Cases() => File.ReadLines(RepositoryFiles.PathOf("tests", "data", "chat-templates", "cases.jsonl"))
        .Select((line, index) => new TestCaseData(line).SetArgDisplayNames($"{index:0000}"));

    [TestCaseSource(nameof(Cases))]
    public void A_template_renders_what_Jinja_renders(string line)
    {
        JsonObject fields = JsonNode.Parse(line)!.AsObject();
        string source = fields["source"]!.GetValue<string>();
        string expected = fields["expected"]?.GetValue<string>() ?? $"error: {fields["error"]!.GetValue<string>()}";
        Assert.That(Render(source, fields), Is.EqualTo(expected), source);
    }

    private static string Render(string source, JsonObject fields)
    {
        try
        {
            var input = new ChatTemplateInput { Messages = fields["messages"]!.AsArray(), Variables = fields["variables"]?.AsObject() };
            return ChatTemplate.Parse(source, options: new ChatTemplateOptions { TimeProvider = new FixedClock("2026-01-31T09:05:07") }).Render(input).Text;
        }
        catch (ChatTemplateException exception)
        {
            return $"error: {exception.Kind}";
        }
    }
}
