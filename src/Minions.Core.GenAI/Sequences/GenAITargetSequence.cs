using Minions.Core.GenAI.Loading;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.GenAI.Sequences;

/// <summary>One request's text in a target.</summary>
internal sealed class GenAITargetSequence(GenAIModel model, SequenceOptions options) : ITargetSequence, IReusableSequence
{
    private readonly GenAISequence _sequence = new(model, options, options.BitIdentical);

    public void Reopen(SequenceOptions options)
    {
        model.RefuseUnknownAdapter(options.Properties);
        _sequence.Reopen(options, options.BitIdentical);
    }

    public int Reusable(int shared, int textLength) => _sequence.Reusable(shared, textLength);

    /// <summary>Runs what is new of a request's text and has its choices made.</summary>
    public void Verify(VerificationRequest request, CancellationToken cancellationToken)
    {
        ReadOnlySpan<int> ids = request.Ids.Span;
        int next = ids.Length - request.RowsWanted;
        _sequence.Begin(ids, request.RowsWanted);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            request.Cancellation.ThrowIfCancellationRequested();
            if (!_sequence.RunChunk(ids))
                return;

            for (; request.RowsWanted > 0 && next < _sequence.Length; next++)
            {
                // Behind a rejected token no row is needed.
                if (!request.Choose(_sequence.LogitsAfter(next)))
                    return;
            }
        }
    }

    public void Dispose() => _sequence.Dispose();
}
