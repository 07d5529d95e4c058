namespace Minions.Core.Generation;

/// <summary>Whether drafts help with a request.</summary>
public enum SpeculationMode
{
    /// <summary>Drafts guess ahead; the length controller may still decide for plain decoding.</summary>
    On,

    /// <summary>Plain decoding: no draft runs.</summary>
    Off,
}
