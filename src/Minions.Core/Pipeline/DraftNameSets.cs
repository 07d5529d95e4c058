using System.Collections.Concurrent;

namespace Minions.Core.Pipeline;

/// <summary>Turns a set of drafts, one bit each, into their names. Few sets occur, so each list is made once.</summary>
internal sealed class DraftNameSets(IReadOnlyList<IDraftModel> drafts)
{
    private readonly ConcurrentDictionary<ulong, IReadOnlyList<string>> _sets = new();

    public IReadOnlyList<string> Of(ulong set) => _sets.GetOrAdd(
        set,
        static (bits, models) => [.. models.Where((_, index) => (bits >> index & 1) != 0).Select(model => model.Name)],
        drafts);
}
