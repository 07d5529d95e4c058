using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>What a draft tells of the text it reads.</summary>
public sealed class PromptReadingTests
{
    private const int Judged = 24;

    private static IEnumerable<string> Drafts =>
        [Path.Combine(RepositoryFiles.Family, "draft-tales"), Path.Combine(RepositoryFiles.SmolLm2, "draft-stories")];

    [TestCaseSource(nameof(Drafts))]
    public async Task An_id_that_the_draft_chose_itself_it_held_as_likely_as_it_said(string folder)
    {
        using OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = folder });
        foreach (int before in (int[])[3, 60, 130])
        {
            int[] prompt = [.. Enumerable.Range(0, before).Select(i => 40 + i * 7 % 300)];
            DraftRequest writer = Read(draft, prompt, length: Judged + 1, toJudge: 0);
            Assert.That(writer.Fit.Ids, Is.Zero);

            // The last proposal is what follows the text.
            int[] text = [.. prompt, .. writer.Proposal.Tokens[..Judged]];
            DraftRequest reader = Read(draft, text, length: 1, Judged);
            Assert.That(reader.Fit.Ids, Is.EqualTo(Judged));
            Assert.That(reader.Fit.Mean, Is.EqualTo(writer.Proposal.Probabilities[..Judged].ToArray().Average()).Within(5e-3));
            Assert.That(reader.Proposal.Tokens[0], Is.EqualTo(writer.Proposal.Tokens[Judged]), "reading changes nothing of what is proposed");

            int[] foreign = [.. text.Select((id, position) => (id * 31 + position * position * 17) % 300)];
            Assert.That(Read(draft, foreign, length: 1, Judged).Fit.Mean, Is.LessThan(reader.Fit.Mean / 2));
        }
    }

    [Test]
    public async Task A_shorter_text_is_judged_behind_its_first_id_unless_it_is_too_short_to_tell_anything()
    {
        using OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Drafts.First() });
        Assert.That(Read(draft, [.. Enumerable.Range(40, TextFit.LeastIds + 1)], length: 2, Judged).Fit.Ids, Is.EqualTo(TextFit.LeastIds));
        Assert.That(Read(draft, [.. Enumerable.Range(40, TextFit.LeastIds)], length: 2, Judged).Fit.Ids, Is.Zero);
        Assert.That(Read(draft, [5], length: 2, Judged).Fit.Ids, Is.Zero);
    }

    [Test]
    public async Task A_text_that_a_sequence_has_run_before_is_judged_as_well()
    {
        using OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Drafts.First() });
        int[] text = [.. Enumerable.Range(40, 30)];
        DraftRequest request = Request(draft, text, length: 3, toJudge: 0);
        draft.Propose([request], default);
        int[] proposed = request.Proposal.Tokens.ToArray();

        request.IdsToJudge = Judged;
        request.Prepare(text, length: 3);
        draft.Propose([request], default);
        Assert.That(request.Fit.Ids, Is.EqualTo(Judged));
        Assert.That(request.Fit.Mean, Is.EqualTo(Read(draft, text, length: 3, Judged).Fit.Mean).Within(5e-3));
        Assert.That(request.Proposal.Tokens.ToArray(), Is.EqualTo(proposed));
        request.Sequence.Dispose();
    }

    [Test]
    public async Task Requests_in_one_run_are_judged_each_by_its_own_text()
    {
        using OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Drafts.First() });
        int[][] texts = [.. Enumerable.Range(0, 3).Select(text => Enumerable.Range(0, 12 + 20 * text).Select(i => 40 + (i * (text + 2)) % 300).ToArray())];
        TextFit[] alone = [.. texts.Select(text => Read(draft, text, length: 2, Judged).Fit)];
        for (int round = 0; round < 2; round++)
        {
            DraftRequest[] together = [.. texts.Select(text => Request(draft, text, length: 2, Judged))];
            draft.Propose(together, default);
            await draft.SizesSettled;
            Assert.That(together.Select(request => request.Fit.Ids), Is.EqualTo(alone.Select(fit => fit.Ids)));
            Assert.That(together.Select(request => request.Fit.Mean), Is.EqualTo(alone.Select(fit => fit.Mean)).Within(5e-3));
            foreach (DraftRequest request in together)
                request.Sequence.Dispose();
        }
    }

    private static DraftRequest Read(OnnxDraftModel draft, int[] text, int length, int toJudge)
    {
        DraftRequest request = Request(draft, text, length, toJudge);
        draft.Propose([request], default);
        request.Sequence.Dispose();
        Assert.That(request.Fault, Is.Null);
        return request;
    }

    private static DraftRequest Request(OnnxDraftModel draft, int[] text, int length, int toJudge)
    {
        var request = new DraftRequest(draft.OpenSequence(new SequenceOptions { Selector = TokenSelector.Greedy })) { IdsToJudge = toJudge };
        request.Prepare(text, length);
        return request;
    }
}
