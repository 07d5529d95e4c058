using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;

namespace Minions.Core.GenAI.Tests.Sequences;

/// <summary>A draft on GenAI proposes and scores what the library's own draft over the same folder does.</summary>
internal sealed class GenAIDraftSequenceTests
{
    private static readonly int[] Text = [5, 17, 40, 3, 99, 12, 7, 250, 31, 8, 77, 401, 6, 54];

    private GenAIDraftModel _draft = null!;
    private OnnxDraftModel _own = null!;

    [OneTimeSetUp]
    public async Task Load()
    {
        _draft = await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Tales });
        _own = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = GenAIFolders.Tales });
    }

    [OneTimeTearDown]
    public void Unload()
    {
        _draft.Dispose();
        _own.Dispose();
    }

    [TestCase(4, 0f, 0)]
    [TestCase(8, 0.3f, 0)]
    [TestCase(3, 0f, 5)]
    [TestCase(0, 0f, 64)]
    public void Proposals_and_scores_are_those_of_the_librarys_own_draft(int length, float confidence, int toScore)
    {
        DraftRequest ours = Propose(_draft, Text, length, confidence, toScore);
        DraftRequest own = Propose(_own, Text, length, confidence, toScore);

        Assert.That(ours.Proposal.Tokens.ToArray(), Is.EqualTo(own.Proposal.Tokens.ToArray()));
        Assert.That((ours.ScoredTokens, ours.ScoredAgreements), Is.EqualTo((own.ScoredTokens, own.ScoredAgreements)));
        Assert.That(ours.Proposal.Count, Is.LessThanOrEqualTo(length));
    }

    [Test]
    public void An_id_that_it_cannot_read_is_read_as_its_end_token()
    {
        int[] foreign = [.. Text, 1_000_000, 17, 40];
        int end = ModelFolderFiles.ReadEndTokens(GenAIFolders.Tales)[0];
        int[] read = [.. Text, end, 17, 40];

        Assert.That(Propose(_draft, foreign, 4).Proposal.Tokens.ToArray(), Is.EqualTo(Propose(_draft, read, 4).Proposal.Tokens.ToArray()));
    }

    [Test]
    public void A_text_that_differs_from_the_one_before_is_read_from_where_it_does()
    {
        using IDraftSequence sequence = _draft.OpenSequence(new SequenceOptions());
        var request = new DraftRequest(sequence);
        foreach (int[] text in new[] { Text, [.. Text[..9], 14, 15], [.. Text, 9, 9], Text[..4], [1, 2, 3] })
        {
            request.Prepare(text, length: 3);
            _draft.Propose([request], CancellationToken.None);
            Assert.That(request.Fault, Is.Null);
            Assert.That(request.Proposal.Tokens.ToArray(), Is.EqualTo(Propose(_draft, text, 3).Proposal.Tokens.ToArray()));
        }
    }

    [Test]
    public void A_text_that_fills_the_context_is_continued_no_further()
    {
        int[] text = [.. Enumerable.Range(0, _draft.ContextLength - 2).Select(place => (place * 7) % 4000)];

        Assert.That(Propose(_draft, text, 8).Proposal.Count, Is.EqualTo(2));
        Assert.That(Propose(_draft, [.. text, 1, 2, 3], 8).Proposal.Count, Is.Zero);
    }

    private static DraftRequest Propose(IDraftModel draft, int[] text, int length, float confidence = 0, int toScore = 0)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        var request = new DraftRequest(sequence);
        request.Prepare(text, length, confidence, toScore);
        draft.Propose([request], CancellationToken.None);
        Assert.That(request.Fault, Is.Null);
        return request;
    }
}
