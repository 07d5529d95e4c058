namespace Minions.Core.Drafting;

/// <summary>How a draft does, over all requests of a pipeline. Written by whoever called it last, read by anyone.</summary>
internal sealed class DraftCondition
{
    private volatile bool _isLost;

    /// <summary>Whether its newest call failed, or has not returned.</summary>
    public bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }
}
