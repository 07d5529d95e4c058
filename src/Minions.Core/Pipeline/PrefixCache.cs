using Microsoft.Extensions.Logging;
using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.States;

namespace Minions.Core.Pipeline;

/// <summary>
/// The sequences of finished requests, kept for requests that continue them. Belongs to the verify stage: used by one thread at a time.
/// </summary>
internal sealed class PrefixCache(int limit, int drafts, ILogger logger)
{
    // A shorter prefix is not worth a cache that another chat may come back for.
    private const int ShortestReuse = 8;

    private readonly List<Entry> _entries = [];

    /// <summary>
    /// Takes the sequences that share the longest prefix with a prompt, or memory to begin anew in when there is room for no more. Only those of
    /// the same cache key come into question: of others the models could not tell that the same ids were run differently.
    /// </summary>
    /// <param name="prompt">The ids of a new request.</param>
    /// <param name="options">What its sequences are reopened with.</param>
    /// <param name="shared">How many ids of the prompt the target's sequence has run.</param>
    /// <returns>The sequences, or <see langword="null"/> when new ones have to be opened.</returns>
    public Entry? Take(ReadOnlySpan<int> prompt, SequenceOptions options, out int shared)
    {
        shared = 0;
        int best = -1, oldest = -1;
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].CacheKey != options.CacheKey)
                continue;

            oldest = oldest < 0 ? i : oldest;
            int common = _entries[i].Ids.Span.CommonPrefixLength(prompt);
            common = Math.Clamp(((IReusableSequence)_entries[i].Target).Reusable(common, prompt.Length), 0, common);
            if (common > shared)
                (best, shared) = (i, common);
        }

        // Without a match the oldest would make room for this request in the end anyway.
        if (shared < ShortestReuse)
            shared = 0;
        if (oldest < 0 || (shared == 0 && _entries.Count < limit))
            return null;

        Entry taken = _entries[shared == 0 ? oldest : best];
        _entries.Remove(taken);
        try
        {
            taken.Reopen(options, logger);
            return taken;
        }
        catch
        {
            taken.Dispose(logger);
            throw;
        }
    }

    /// <summary>Keeps what a request that ended well leaves behind, and disposes what cannot be kept.</summary>
    /// <param name="state">The request, in the hands of the caller.</param>
    public void Keep(RequestState state)
    {
        if (limit == 0 || state.Verification?.Sequence is not { } target || target is not IReusableSequence)
            return;

        // The last id was never run; what else the sequences do not hold they find out by themselves.
        var entry = new Entry(state.CommittedIds, state.SequenceOptions.CacheKey, target, state.States, new IDraftSequence?[drafts]);
        state.Verification = null;
        for (int i = 0; i < state.Drafts.Length; i++)
            entry.Drafts[i] = state.Drafts[i].Release();

        _entries.Add(entry);
        if (_entries.Count <= limit)
            return;

        Entry oldest = _entries[0];
        _entries.RemoveAt(0);
        oldest.Dispose(logger);
    }

    public void Clear()
    {
        foreach (Entry entry in _entries)
            entry.Dispose(logger);
        _entries.Clear();
    }

    /// <summary>One finished request's sequences and the ids they hold.</summary>
    internal sealed record Entry(ReadOnlyMemory<int> Ids, string? CacheKey, ITargetSequence Target, TargetStates? States, IDraftSequence?[] Drafts)
    {
        /// <summary>Readies the sequences for another request. A draft cannot fail it: one that throws loses its sequence and opens another.</summary>
        public void Reopen(SequenceOptions options, ILogger logger)
        {
            ((IReusableSequence)Target).Reopen(options);
            for (int i = 0; i < Drafts.Length; i++)
            {
                if (Drafts[i] is IReusableSequence draft && !TryReopen(draft, options, logger))
                {
                    UserCode.Guard(logger, Drafts[i]!.Dispose);
                    Drafts[i] = null;
                }
            }
        }

        /// <summary>Hands the drafts' sequences over; those that the request has no use for end here.</summary>
        public void GiveDrafts(RequestDraft[] requestDrafts, int held, ILogger logger)
        {
            for (int i = 0; i < Drafts.Length; i++)
            {
                if (Drafts[i] is not { } draft)
                    continue;
                if (i < requestDrafts.Length)
                    requestDrafts[i].Adopt(draft, held);
                else
                    UserCode.Guard(logger, draft.Dispose);
            }
        }

        public void Dispose(ILogger logger)
        {
            UserCode.Guard(logger, Target.Dispose);
            foreach (IDraftSequence draft in Drafts.OfType<IDraftSequence>())
                UserCode.Guard(logger, draft.Dispose);
        }

        private static bool TryReopen(IReusableSequence draft, SequenceOptions options, ILogger logger)
        {
            bool isOpen = false;
            UserCode.Guard(logger, () =>
            {
                draft.Reopen(options);
                isOpen = true;
            });
            return isOpen;
        }
    }
}
