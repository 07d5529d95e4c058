using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

/// <summary>Batches as the pipeline hands them over.</summary>
public sealed class PackedModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task A_batch_of_verifications_makes_the_choices_of_each_alone()
    {
        using OnnxTargetVerifier target = await LoadFamilyAsync();
        Assert.That(target.MaxBatchSize, Is.EqualTo(16));
        VerificationRequest[] together = Open(target, 16), alone = Open(target, 16);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < together.Length; i++)
            {
                int[] text = Text((20 * round) + (3 * i) + 3, seed: i);
                together[i].Prepare(text, 1 + (i % 3));
                alone[i].Prepare(text, 1 + (i % 3));
                target.Verify(alone.AsSpan(i, 1), default);
            }

            target.Verify(together, default);
            await target.SessionsSettled.WaitAsync(Patience);
            Assert.That(together.Select(request => request.Fault), Has.All.Null);
            Assert.That(together.Select(request => request.Choices.ToArray()), Is.EqualTo(alone.Select(request => request.Choices.ToArray())));
        }

        Close(together);
        Close(alone);
    }

    [Test]
    public async Task A_target_is_disposed_while_a_size_is_being_made()
    {
        OnnxTargetVerifier target = await LoadFamilyAsync();
        VerificationRequest[] batch = Open(target, 16);

        // The last size is begun when the other three are ready, which takes far longer than the few runs here.
        for (int requests = 16; requests > 1; requests /= 2)
        {
            foreach (VerificationRequest request in batch)
                request.Prepare(Text(3, 1), 1);
            target.Verify(batch.AsSpan(0, requests), default);
        }

        Task making = target.SessionsSettled;
        Close(batch);
        Assert.That(making.IsCompleted, Is.False, "sizes are being made");
        target.Dispose();
        Assert.That(making.IsCompletedSuccessfully, Is.True, "disposal stops the making and waits for it");
    }

    [Test]
    public async Task A_shutdown_between_two_runs_ends_what_is_not_ready()
    {
        using OnnxTargetVerifier target = await LoadFamilyAsync();
        VerificationRequest[] batch = Open(target, 2);
        batch[0].Prepare(Text(150, 1), 1);
        batch[1].Prepare(Text(3, 1), 1);
        target.Verify(batch, new CancellationToken(canceled: true));

        Assert.That(batch[0].Fault, Is.InstanceOf<OperationCanceledException>());
        Assert.That(batch[1].ChoiceCount, Is.EqualTo(1));
        Close(batch);
    }

    [Test]
    public async Task Graphs_that_cannot_be_packed_verify_one_by_one_and_say_why_once([Values] bool groupQuery)
    {
        using var folder = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = groupQuery, DynamicQuantization = groupQuery });
        var log = new LogLines<OnnxTargetVerifier>();
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path, Provider = ExecutionProvider.Cpu }, log);
        Assert.That(target.MaxBatchSize, Is.EqualTo(1));
        Assert.That(log.Written, Has.Count.EqualTo(1).And.One.Contains(groupQuery ? "DynamicQuantizeLinear" : "no GroupQueryAttention"));

        VerificationRequest[] batch = Open(target, 3);
        foreach (VerificationRequest request in batch)
            request.Prepare(new[] { 3, 4, 5, 6 }, 2);
        target.Verify(batch, default);
        Assert.That(batch.Select(request => request.ChoiceCount), Has.All.GreaterThanOrEqualTo(1));
        Close(batch);
    }

    [TestCase(128, 0)]
    [TestCase(64, 1)]
    public async Task A_configuration_with_another_window_than_the_graph_is_told_once_and_the_graph_wins(int configured, int lines)
    {
        string original = Path.Combine(RepositoryFiles.Graphs, "gqa-window128-ring");
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(original, "model.onnx"), Path.Combine(folder.Path, "model.onnx"));
        string config = await File.ReadAllTextAsync(Path.Combine(original, "genai_config.json"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "genai_config.json"), config.Replace("\"window_size\": 128", $"\"window_size\": {configured}", StringComparison.Ordinal));
        var log = new LogLines<OnnxTargetVerifier>();
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path, Provider = ExecutionProvider.Cpu }, log);

        Assert.That(target.MaxBatchSize, Is.EqualTo(16));
        Assert.That(log.Written, Has.Count.EqualTo(lines));
        if (lines > 0)
            Assert.That(log.Written[0], Does.Contain("sliding window of 64").And.Contain("128"));
    }

    [Test]
    public async Task Drafts_of_a_batch_keep_their_own_lengths_stops_and_limits()
    {
        using OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "draft-tales"), Provider = ExecutionProvider.Cpu });
        Assert.That(draft.MaxBatchSize, Is.EqualTo(16));
        DraftRequest[] together = Open(draft, 6), alone = Open(draft, 6);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < together.Length; i++)
            {
                int[] text = i == 5 ? Text(draft.ContextLength - 2, 5) : Text((10 * round) + (i * 40) + 1, seed: i);
                float stop = i == 4 ? 0.5f : 0;
                together[i].Prepare(text, i, stop);
                alone[i].Prepare(text, i, stop);
                draft.Propose(alone.AsSpan(i, 1), default);
            }

            draft.Propose(together, default);
            await draft.SessionsSettled.WaitAsync(Patience);
            for (int i = 0; i < together.Length; i++)
            {
                Assert.That(together[i].Fault, Is.Null);
                Assert.That(together[i].Proposal.Count, Is.EqualTo(i == 4 ? alone[i].Proposal.Count : Math.Min(i, i == 5 ? 2 : 16)), $"request {i}");

                // The first choice follows a run of several rows; later ones may be of one, which rounds differently.
                if (i is > 0 and < 4)
                    Assert.That(together[i].Proposal.Tokens[0], Is.EqualTo(alone[i].Proposal.Tokens[0]));
            }
        }

        foreach (DraftRequest request in together.Concat(alone))
            request.Sequence.Dispose();
    }

    private static Task<OnnxTargetVerifier> LoadFamilyAsync() =>
        OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "target"), Provider = ExecutionProvider.Cpu });

    private static VerificationRequest[] Open(OnnxTargetVerifier target, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new VerificationRequest(target.OpenSequence(new SequenceOptions()), new SequenceOptions()))];

    private static DraftRequest[] Open(OnnxDraftModel draft, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new DraftRequest(draft.OpenSequence(new SequenceOptions())))];

    private static void Close(VerificationRequest[] batch)
    {
        foreach (VerificationRequest request in batch)
            request.Sequence.Dispose();
    }

    private static int[] Text(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, 1000))];
    }
}
