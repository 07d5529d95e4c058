namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>Whether a marker stands at a place in text that is still arriving.</summary>
internal enum Sight
{
    /// <summary>It does not, whatever follows.</summary>
    No,

    /// <summary>The text ends inside what may become the marker.</summary>
    Perhaps,

    /// <summary>It does.</summary>
    Yes,
}
