namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>The sets of drafts that have run, each with a place of its own. Few are in use at a time, so there are few places.</summary>
internal sealed class KnownDraftSets(int places)
{
    // The first runs of a draft are made while code is compiled and memory is found.
    private const int FirstRuns = 32;

    private readonly ulong[] _sets = new ulong[places];
    private readonly int[] _runs = new int[places];
    private int _next;

    /// <summary>The place of a set, or -1.</summary>
    public int Find(ulong drafts) => Array.IndexOf(_sets, drafts);

    /// <summary>Gives a set a place; when all are taken, that of the one that came first.</summary>
    public int Add(ulong drafts)
    {
        int place = _next;
        _next = (_next + 1) % places;
        (_sets[place], _runs[place]) = (drafts, 0);
        return place;
    }

    /// <summary>The set at a place, or 0 when it has not run.</summary>
    public ulong SetAt(int place) => _runs[place] > 0 ? _sets[place] : 0;

    public void Count(int place) => _runs[place]++;

    /// <summary>Whether so few runs of the set at a place were seen that they may have been slow for being the first.</summary>
    public bool IsNew(int place) => _runs[place] < FirstRuns;
}
