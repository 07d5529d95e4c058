using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.Tests.Templates;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.Tests.ToolCalls.Learning;

/// <summary>What holds for the formats that are learnt from the templates of the vectors.</summary>
public class LearntFromTemplateLawTests
{
    private const string Question = "What now?";

    private static readonly WrittenCall[] Calls =
        [new("get_weather", new JsonObject { ["city"] = "Zürich {\"} </x>\n", ["days"] = 3 }), new("now", [])];

    // Those that render a call, with what they render of one and of two.
    private static IEnumerable<TestCaseData> Rendered => TemplateVector.All.Where(vector => vector.Expected is not null).DistinctBy(vector => vector.Template)
        .Select(vector => (Vector: vector, Markup: ChatMarkup.Learn(vector.Source, (messages, tools, _) => Render(vector, messages, tools))))
        .Where(pair => pair.Markup.Syntax.Calls is not null)
        .SelectMany(pair => (int[])[1, 2], (pair, count) => new TestCaseData(pair.Markup, Tail(pair.Vector, pair.Markup, count)) { TestName = $"{pair.Vector.Template}, {count}" });

    [TestCaseSource(nameof(Rendered))]
    public void Wherever_the_output_is_split_it_reads_the_same(object markup, string output)
    {
        OutputSyntax syntax = ((ChatMarkup)markup).Syntax;
        foreach (string written in (string[])[output, output[..(output.Length * 2 / 3)], output.Replace("}", "]", StringComparison.Ordinal), output + "\n\nDone."])
        {
            string whole = ReadOutput.Of(syntax, written).Trace;
            Assert.That(ReadOutput.Of(syntax, ReadOutput.Split(written, [1])).Trace, Is.EqualTo(whole));
            for (int at = 0; at <= written.Length; at++)
                Assert.That(ReadOutput.Of(syntax, [written[..at], written[at..]]).Trace, Is.EqualTo(whole), $"split at {at}");
        }
    }

    [Test]
    public void Some_templates_render_calls() => Assert.That(Rendered.Count(), Is.GreaterThan(8));

    private static string Tail(TemplateVector vector, ChatMarkup markup, int count)
    {
        JsonArray calls = [];
        for (int i = 0; i < count; i++)
        {
            JsonObject arguments = (JsonObject)Calls[i].Arguments.DeepClone();
            calls.Add((JsonNode)new JsonObject
            {
                ["id"] = markup.Syntax.Calls!.Ids.Fit($"zq000000{i}", Calls[i].Name, i),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = Calls[i].Name, ["arguments"] = markup.ArgumentsAsText ? arguments.ToJsonString() : arguments },
            });
        }

        JsonObject message = new() { ["role"] = "assistant", ["content"] = markup.NoContentBesideCalls ? null : "I look.", ["tool_calls"] = calls };
        try
        {
            string rendered = Render(vector, [Rendering.Message("user", Question), message], Tools.Catalog.ToTemplate());
            return rendered[(rendered.LastIndexOf(Question, StringComparison.Ordinal) + Question.Length)..];
        }
        catch (ChatTemplateException) when (count > 1)
        {
            // Some templates take one call alone.
            return Tail(vector, markup, 1);
        }
    }

    private static string Render(TemplateVector vector, JsonArray messages, JsonArray? tools)
    {
        ChatTemplateInput input = vector.Input();
        return vector.Parse().Render(new ChatTemplateInput { Messages = messages, Tools = tools, AddGenerationPrompt = false, Variables = input.Variables }).Text;
    }
}
