using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Replay;

/// <summary>Records what the target writes and what the drafts propose at every place of it.</summary>
internal sealed class Recorder(RepositoryModels set, int maxTokens, int limitPerDomain, SamplingOptions sampling)
{
    public async Task<Recording> RecordAsync(CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"{set.Name}: loading");
        using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
        await using SpeculativePipeline pipeline = models.Pipeline([], 0);
        await pipeline.LoadAsync(cancellationToken);
        var texts = new List<RecordedText>();
        foreach (Prompt prompt in PromptFile.Read(set.PromptFile, limitPerDomain))
        {
            ProgressLine.Milestone($"{set.Name}: {prompt.Id}");
            IReadOnlyList<int> promptIds = pipeline.Info.Tokenizer!.Encode(prompt.Text);
            GenerationResult own = await pipeline.GenerateAsync(promptIds, new GenerationOptions { MaxOutputTokens = maxTokens, Sampling = sampling }, cancellationToken);
            int[] all = [.. promptIds, .. own.TokenIds];
            RecordedProposal[][] proposals = [.. models.Drafts.Select(draft => Propose(models.Target, draft, all, promptIds.Count, TokenSelector.Create(sampling, promptIds.Count), cancellationToken))];
            texts.Add(new RecordedText(prompt.Id, prompt.Domain, promptIds.Count, [.. own.TokenIds], proposals));
        }

        ProgressLine.Milestone($"{set.Name}: measuring costs");
        RecordedCosts costs = CostMeter.Measure(models, [.. texts.SelectMany(text => text.Ids)]);
        return new Recording(set.Name, [.. models.Drafts.Select(draft => draft.Name)], costs, texts);
    }

    private static RecordedProposal[] Propose(ITargetVerifier target, IDraftModel draft, int[] ids, int promptLength, TokenSelector selector, CancellationToken cancellationToken)
    {
        TextStates? states = draft.ReadsStates ? TextStates.Of(target, ids, window: 0, cancellationToken) : null;
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { Selector = selector, ExpectedLength = ids.Length + Recording.ProposalLength, States = target.States });
        var request = new DraftRequest(sequence) { States = states?.Known };
        var proposals = new List<RecordedProposal>();
        for (int length = promptLength + 1; length < ids.Length; length++)
        {
            states?.MoveTo(length);
            request.Prepare(ids.AsMemory(0, length), Recording.ProposalLength);
            draft.Propose([request], cancellationToken);
            if (request.Fault is { } fault)
                throw new InvalidOperationException($"Draft {draft.Name} failed: {fault.Message}", fault);
            proposals.Add(new RecordedProposal([.. request.Proposal.Tokens], [.. request.Proposal.Probabilities]));
        }

        return [.. proposals];
    }
}
