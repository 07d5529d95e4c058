using System.Diagnostics;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Finds the draft that would decode fastest alone: by how far its chains of a fixed length go in the target's own texts, and the time they take.</summary>
internal sealed class BestSingleDraft(ITargetVerifier target, IReadOnlyList<IDraftModel> drafts, SamplingOptions sampling)
{
    private const int Length = 3;
    private const int Texts = 12;
    private const int Passes = 3;

    /// <summary>Runs target and drafts for some seconds, on the calling thread.</summary>
    /// <param name="texts">What the target wrote: prompts and answers.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>The draft's name.</returns>
    public string Find(IReadOnlyList<(int[] Prompt, int[] Answer)> texts, CancellationToken cancellationToken)
    {
        if (drafts.Count == 1)
            return drafts[0].Name;

        using var probe = new CostProbe(target, widest: Length + 1, slots: 1);
        for (int i = 0; i <= Passes; i++)
            probe.Pass([.. texts[0].Prompt, .. texts[0].Answer], keep: i > 0, cancellationToken);
        double verification = probe.Costs().Of(new RunShape(Length + 1, 1));
        return drafts.MaxBy(draft => SpeedOf(draft, texts, verification, cancellationToken))!.Name;
    }

    private double SpeedOf(IDraftModel draft, IReadOnlyList<(int[] Prompt, int[] Answer)> texts, double verification, CancellationToken cancellationToken)
    {
        long tokens = 0;
        double milliseconds = 0;
        foreach ((int[] prompt, int[] answer) in texts.Take(Texts))
        {
            int[] ids = [.. prompt, .. answer];
            using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { Selector = TokenSelector.Create(sampling, prompt.Length), ExpectedLength = ids.Length + Length });
            var request = new DraftRequest(sequence);

            // The first id comes with the prompt, and a chain is as long as the text that is left lets it be.
            for (int place = prompt.Length + 1; place + Length < Math.Min(ids.Length, draft.ContextLength);)
            {
                request.Prepare(ids.AsMemory(0, place), Length);
                long start = Stopwatch.GetTimestamp();
                draft.Propose([request], cancellationToken);
                milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds + verification;
                int committed = request.Proposal.Tokens.CommonPrefixLength(ids.AsSpan(place)) + 1;
                (tokens, place) = (tokens + committed, place + committed);
            }
        }

        return milliseconds == 0 ? 0 : tokens / milliseconds;
    }
}
