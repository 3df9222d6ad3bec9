"""The vocabulary of Zhengshen: frozen values, standard library only."""
