namespace Minions.Benchmarks.Replay;

/// <summary>Recordings bent into what must not make speculation slow, and into what must make it fast.</summary>
internal static class ReplayScenarios
{
    /// <summary>Drafts that propose random ids, as sure of them as they were of their own.</summary>
    public static Recording Useless(Recording recording)
    {
        var random = new Random(1);
        return Change(recording, (_, _, proposal) => proposal with { Ids = [.. proposal.Ids.Select(_ => random.Next())] });
    }

    /// <summary>The recorded drafts, but each id takes as long as two target runs.</summary>
    public static Recording Slow(Recording recording) =>
        recording with { Costs = recording.Costs with { Steps = Array.ConvertAll(recording.Costs.Steps, _ => 2 * recording.Costs.Runs[0]) } };

    /// <summary>Drafts that know the answer.</summary>
    public static Recording Perfect(Recording recording) => Change(recording, (text, place, _) => Known(text.Ids, place + 1));

    /// <summary>One long answer whose middle third the drafts know, and of whose other thirds they know nothing.</summary>
    public static Recording Recovery(Recording recording)
    {
        Recording useless = Useless(recording);
        int[] ids = [.. recording.Texts.SelectMany(text => text.Ids)];
        RecordedProposal[][] proposals = [.. useless.Texts[0].Proposals.Select((_, draft) => LongProposals(useless, draft, ids))];
        return recording with { Texts = [new RecordedText("recovery", "recovery", useless.Texts[0].PromptLength, ids, proposals)] };
    }

    private static RecordedProposal[] LongProposals(Recording useless, int draft, int[] ids)
    {
        // Of each answer the first id comes without a proposal: give it the next place's.
        RecordedProposal[] random = [.. useless.Texts.Where(text => text.Ids.Length > 1).SelectMany(text => text.Proposals[draft].Prepend(text.Proposals[draft][0]))];
        return [.. Enumerable.Range(0, ids.Length - 1).Select(place => place * 3 / ids.Length == 1 ? Known(ids, place + 1) : random[place % random.Length])];
    }

    private static RecordedProposal Known(int[] ids, int from)
    {
        int[] next = ids[from..Math.Min(ids.Length, from + Recording.ProposalLength)];
        return new RecordedProposal(next, [.. next.Select(_ => 0.99f)]);
    }

    private static Recording Change(Recording recording, Func<RecordedText, int, RecordedProposal, RecordedProposal> change) => recording with
    {
        Texts = [.. recording.Texts.Select(text => text with { Proposals = [.. text.Proposals.Select(draft => draft.Select((proposal, place) => change(text, place, proposal)).ToArray())] })],
    };
}
