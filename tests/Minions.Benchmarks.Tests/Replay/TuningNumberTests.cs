using Minions.Benchmarks.Replay;
using Minions.Core.Speculation.Goodput;

namespace Minions.Benchmarks.Tests.Replay;

public sealed class TuningNumberTests
{
    [TestCaseSource(nameof(Numbers))]
    public void Only_the_number_itself_changes_and_the_default_stays(string name)
    {
        TuningNumber number = TuningNumber.All.Single(other => other.Name == name);
        double before = number.Of(SpeculationTuning.Default);

        SpeculationTuning half = number.Scaled(0.5), twice = number.Scaled(2);

        Assert.That(number.Of(half), Is.LessThan(before));
        Assert.That(number.Of(twice), Is.GreaterThan(before));
        Assert.That(number.Of(SpeculationTuning.Default), Is.EqualTo(before));
        Assert.That(
            TuningNumber.All.Where(other => other.Name != name).Select(other => (other.Of(half), other.Of(twice))),
            Is.EqualTo(TuningNumber.All.Where(other => other.Name != name).Select(other => (other.Of(half), other.Of(half)))));
    }

    [Test]
    public void Chances_and_decays_above_a_half_stay_below_1()
    {
        foreach (TuningNumber number in TuningNumber.All.Where(number => number.Of(SpeculationTuning.Default) is > 0.5 and < 1))
            Assert.That(number.Of(number.Scaled(2)), Is.LessThan(1), number.Name);
    }

    [Test]
    public void Window_sizes_stay_powers_of_2()
    {
        foreach (TuningNumber number in TuningNumber.All.Where(number => number.Name.EndsWith("Positions", StringComparison.Ordinal)))
            Assert.That(new[] { 0.5, 2 }.Select(factor => int.IsPow2((int)number.Of(number.Scaled(factor)))), Is.All.True, number.Name);
    }

    private static IEnumerable<string> Numbers() => TuningNumber.All.Select(number => number.Name);
}
