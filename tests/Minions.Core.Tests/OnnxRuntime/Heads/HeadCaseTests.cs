using System.Text.Json;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>The layout of the newer exporter: the target's embedding, a table of tokens beside the graph, three residual streams.</summary>
public sealed class HeadCaseTests
{
    private static readonly string Case = Path.Combine(RepositoryFiles.Heads, "eagle3");

    private static readonly OnnxHeadOptions Head = new()
    {
        Folder = Path.Combine(Case, "eagle3"),
        Target = Path.Combine(Case, "target"),
        States = { "hidden_states.0", "hidden_states.1", "hidden_states.2" },
    };

    [Test]
    public async Task Guesses_are_those_of_the_exporters_own_library()
    {
        using OnnxHeadModel head = await OnnxHeadModel.LoadAsync(Head);
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Head.Target!, States = { "hidden_states.0", "hidden_states.1", "hidden_states.2" } });
        Assert.That(head.FindMisfit(target), Is.Null);

        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Case, "expected.json")));
        foreach (JsonElement text in expected.RootElement.EnumerateArray())
        {
            var options = new SequenceOptions { States = target.States };
            using ITargetSequence targetSequence = target.OpenSequence(options);
            using IDraftSequence headSequence = head.OpenSequence(options);
            var states = new TargetStates(target.States!, 64);
            var verification = new VerificationRequest(targetSequence, options) { States = states };
            var request = new DraftRequest(headSequence) { States = states };
            int[] prompt = [.. Ids(text, "ids")];
            foreach (JsonElement round in text.GetProperty("rounds").EnumerateArray())
            {
                int[] context = [.. prompt, .. Ids(round, "committed")];
                verification.Prepare(context.AsMemory(0, context.Length - 1), rowsWanted: 1);
                target.Verify([verification], default);
                Assert.That(verification.Choices[0], Is.EqualTo(context[^1]), "of the target");

                request.Prepare(context, length: 4);
                head.Propose([request], default);
                Assert.That(request.Fault, Is.Null);
                Assert.That(request.Proposal.Tokens.ToArray(), Is.EqualTo(Ids(round, "guess")), $"behind {context.Length} ids");
            }
        }
    }

    private static IEnumerable<int> Ids(JsonElement part, string name) => part.GetProperty(name).EnumerateArray().Select(id => id.GetInt32());
}
