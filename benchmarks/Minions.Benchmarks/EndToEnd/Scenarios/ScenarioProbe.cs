using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>Learns from the real models what the drafts of scenarios need to know.</summary>
/// <param name="target">The target.</param>
/// <param name="drafts">All drafts that may be replaced.</param>
/// <param name="sampling">How requests choose.</param>
internal sealed class ScenarioProbe(ITargetVerifier target, IReadOnlyList<IDraftModel> drafts, SamplingOptions sampling)
{
    private const int Passes = 9;
    private const int TextsToContinue = 12;
    private const int PlacesInText = 3;
    private const int ProposalLength = 8;

    /// <summary>Runs target and drafts for some seconds, on the calling thread.</summary>
    /// <param name="texts">What the target wrote: prompts and answers.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public ScenarioFacts Gather(IReadOnlyList<(int[] Prompt, int[] Answer)> texts, CancellationToken cancellationToken) => new(
        target.VocabularySize,
        MeasureStep(texts[0], cancellationToken),
        drafts.ToDictionary(draft => draft.Name, draft => SurenessOf(draft, texts, cancellationToken), StringComparer.Ordinal),
        new ReferenceTexts([.. texts.Select(text => (int[])[.. text.Prompt, .. text.Answer])]));

    // In the middle of an answer; the first pass holds what is made when it is first needed.
    private TimeSpan MeasureStep((int[] Prompt, int[] Answer) text, CancellationToken cancellationToken)
    {
        using var probe = new CostProbe(target, widest: 2, slots: 1);
        int[] ids = [.. text.Prompt, .. text.Answer.AsSpan(0, text.Answer.Length / 2)];
        for (int i = 0; i <= Passes; i++)
            probe.Pass(ids, keep: i > 0, cancellationToken);
        return TimeSpan.FromMilliseconds(probe.Costs().Of(new RunShape(2, 1)));
    }

    private float[] SurenessOf(IDraftModel draft, IReadOnlyList<(int[] Prompt, int[] Answer)> texts, CancellationToken cancellationToken)
    {
        var probabilities = new List<float>();
        foreach ((int[] prompt, int[] answer) in texts.Take(TextsToContinue))
        {
            int[] ids = [.. prompt, .. answer];
            using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { Selector = TokenSelector.Create(sampling, prompt.Length), ExpectedLength = ids.Length + ProposalLength, States = target.States });
            TextStates? states = draft.ReadsStates ? TextStates.Of(target, ids, window: 0, cancellationToken) : null;
            var request = new DraftRequest(sequence) { States = states?.Known };
            for (int place = 0; place < PlacesInText; place++)
            {
                int length = Math.Min(prompt.Length + 1 + answer.Length * place / PlacesInText, ids.Length);
                if (length >= draft.ContextLength)
                    break;
                states?.MoveTo(length);
                request.Prepare(ids.AsMemory(0, length), ProposalLength);
                draft.Propose([request], cancellationToken);
                if (request.Fault is { } fault)
                    throw new ModelRunException($"The draft '{draft.Name}' failed: {fault.Message}", fault);
                foreach (float probability in request.Proposal.Probabilities)
                    probabilities.Add(probability);
            }
        }

        // One that had nothing to say anywhere would have been no surer than this.
        return probabilities.Count > 0 ? [.. probabilities] : [0.5f];
    }
}
