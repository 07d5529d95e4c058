using System.Text.Json;
using Minions.Core;
using Quickstart.Measuring;
using Quickstart.Reporting;
using Quickstart.Tests.Doubles;

namespace Quickstart.Tests.Reporting;

public sealed class JsonReportTests
{
    [Test]
    public async Task The_object_has_the_totals_and_the_same_for_every_prompt()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "draft");
        PromptOutcome[] outcomes = await AlphabetPipeline.AnswerAsync(pipeline, 21, 4, "one", "two");

        string json = JsonReport.Of(outcomes);

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        JsonElement prompts = root.GetProperty("prompts");
        string[] figures = ["plainTokensPerSecond", "speculativeTokensPerSecond", "ratio", "tokensPerRound", "acceptance", "identical"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(json, Does.Not.Contain("\n"));
            Assert.That(Names(root), Is.EqualTo(figures.Append("prompts")));
            Assert.That(prompts.EnumerateArray().Select(prompt => prompt.GetProperty("id").GetString()), Is.EqualTo(new[] { "one", "two" }));
            foreach (JsonElement prompt in prompts.EnumerateArray())
            {
                Assert.That(Names(prompt), Is.EqualTo(figures.Prepend("domain").Prepend("id").Append("tokens").Append("text")));
                Assert.That(prompt.GetProperty("domain").GetString(), Is.EqualTo("letters"));
                Assert.That(prompt.GetProperty("tokens").GetInt32(), Is.EqualTo(21));
            }

            foreach (JsonElement part in prompts.EnumerateArray().Append(root))
            {
                Assert.That(part.GetProperty("identical").GetBoolean(), Is.True);
                Assert.That(part.GetProperty("tokensPerRound").GetDouble(), Is.EqualTo(5));
                Assert.That(part.GetProperty("acceptance").GetDouble(), Is.EqualTo(1));
                Assert.That(part.GetProperty("ratio").GetDouble(), Is.EqualTo(part.GetProperty("speculativeTokensPerSecond").GetDouble() / part.GetProperty("plainTokensPerSecond").GetDouble()));
            }
        }
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
