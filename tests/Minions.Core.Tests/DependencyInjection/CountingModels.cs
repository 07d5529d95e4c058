using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.SpeculationLength;
using Minions.Core.Tokenization;
using Minions.Core.Verification;
using Minions.Core.Voting;

namespace Minions.Core.Tests.DependencyInjection;

/// <summary>A target that counts: after id n it wants n + 1.</summary>
internal sealed class CountingTarget : ITargetVerifier
{
    private readonly TaskCompletionSource _disposed = new();

    public int ContextLength => 512;

    public int VocabularySize => 512;

    public Exactness Exactness => Exactness.Guaranteed;

    public int Disposals { get; private set; }

    public Task Disposed => _disposed.Task;

    public ITargetSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            ReadOnlySpan<int> ids = request.Ids.Span;
            var logits = new float[VocabularySize];
            for (int position = ids.Length - request.RowsWanted; position < ids.Length; position++)
            {
                Array.Clear(logits);
                logits[ids[position] + 1] = 1;
                if (!request.Choose(logits))
                    break;
            }
        }
    }

    public void Dispose()
    {
        Disposals++;
        _disposed.TrySetResult();
    }

    private sealed class Sequence : ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>A draft that counts as the target does.</summary>
internal sealed class CountingDraft(string name = "counting") : IDraftModel
{
    private readonly TaskCompletionSource _disposed = new();

    public string Name => name;

    public int ContextLength => 512;

    public int Disposals { get; private set; }

    public Task Disposed => _disposed.Task;

    public IDraftSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            for (int i = 1; i <= request.Length; i++)
                request.Proposal.Add(request.Context.Span[^1] + i);
        }
    }

    public void Dispose()
    {
        Disposals++;
        _disposed.TrySetResult();
    }

    private sealed class Sequence : IDraftSequence
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>A tokenizer with a character an id.</summary>
internal sealed class CharacterTokenizer : ITextTokenizer
{
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true) => [.. text.Select(c => (int)c)];

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Select(id => (char)id));

    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt) => new Decoder();

    private sealed class Decoder : ITokenDecoder
    {
        public string Append(int id) => ((char)id).ToString();

        public string Complete() => "";
    }
}

/// <summary>A policy that takes the first proposal, and counts its votes and its end.</summary>
internal sealed class FirstProposalVote : IVotingPolicy, IDisposable
{
    public int Votes { get; private set; }

    public bool IsDisposed { get; private set; }

    public int Vote(in Ballot ballot, Span<int> chain)
    {
        Votes++;
        Proposal first = ballot.Proposals[0];
        first.Tokens.CopyTo(chain);
        return first.Count;
    }

    public void Dispose() => IsDisposed = true;
}

/// <summary>A controller that wants five ids a round.</summary>
internal sealed class FiveAhead : ISpeculationLengthController
{
    public int Requests { get; private set; }

    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits)
    {
        Requests++;
        return new FixedSpeculationLength(5).OpenRequest(limits);
    }
}
