namespace Minions.Core.DependencyInjection;

/// <summary>The key of a pipeline's own policies in the container, which no other component's registrations can have.</summary>
/// <param name="Pipeline">The pipeline's name; empty for the default one.</param>
internal sealed record PolicyKey(string Pipeline);
