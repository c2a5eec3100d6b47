global using RetryHandler.Simulation.Clients;
global using RetryHandler.Simulation.Engine;
global using RetryHandler.Simulation.Loads;
global using RetryHandler.Simulation.Measuring;
global using RetryHandler.Simulation.Scenarios;
global using RetryHandler.Simulation.Upstreams;
