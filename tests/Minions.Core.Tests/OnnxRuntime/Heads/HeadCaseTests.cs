using System.Text.Json;
using Google.Protobuf;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
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
        Assert.That(head.FindMisfit(target, tokenizer: null), Is.Null);

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

    [Test]
    public async Task A_cache_in_place_guesses_what_one_that_is_concatenated_does()
    {
        using var folder = new HeadFolder();
        using OnnxTargetVerifier target = await folder.LoadTargetAsync([.. folder.Options.States]);
        using OnnxHeadModel inPlace = await OnnxHeadModel.LoadAsync(folder.Options);

        // A mask that adds the smallest of numbers is none that does nothing.
        string file = Path.Combine(folder.Head, "model.onnx");
        OnnxModel model = OnnxModel.Parser.ParseFrom(File.ReadAllBytes(file));
        model.Graph.Initializer.Single(tensor => tensor.Name == "const_0.0_f32").RawData = ByteString.CopyFrom(BitConverter.GetBytes(float.Epsilon));
        File.WriteAllBytes(file, model.ToByteArray());
        using OnnxHeadModel concatenated = await OnnxHeadModel.LoadAsync(folder.Options);
        Assert.That((inPlace.MaxBatchSize, concatenated.MaxBatchSize), Is.EqualTo((16, 1)));

        var random = new Random(1);
        int[] text = [];
        using var one = new HeadOnText(target, inPlace);
        using var other = new HeadOnText(target, concatenated);
        for (int round = 0; round < 15; round++)
        {
            text = [.. text, .. Enumerable.Range(0, 2 + random.Next(9)).Select(_ => random.Next(4096))];
            one.TakeIn(text);
            other.TakeIn(text);
            Assert.That(one.Guess(text, 4), Is.EqualTo(other.Guess(text, 4)), $"behind {text.Length} ids");
        }
    }

    private static IEnumerable<int> Ids(JsonElement part, string name) => part.GetProperty(name).EnumerateArray().Select(id => id.GetInt32());
}
