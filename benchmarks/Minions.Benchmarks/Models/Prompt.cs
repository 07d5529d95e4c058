namespace Minions.Benchmarks.Models;

/// <summary>A line of a prompt file.</summary>
internal sealed record Prompt(string Id, string Domain, string Text);
