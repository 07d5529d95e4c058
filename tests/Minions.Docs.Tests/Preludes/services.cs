using Microsoft.Extensions.DependencyInjection;

ServiceCollection services = new();
